package convviz

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/convviz/internal/picturetest"
	"convlab/internal/labtest"
)

// clickable has a layer of every kind that can be clicked through.
func clickable() cnnlib.Sequential {
	return cnnlib.Sequential{
		cnnlib.Conv{Out: 4, Kernel: 3, Stride: 2, Padding: 1}, cnnlib.BatchNorm{}, cnnlib.LeakyReLU{},
		cnnlib.ShuffledConv{Out: 4, Kernel: 1, Groups: 2}, cnnlib.SeparableConv{Out: 4, Kernel: 3}, cnnlib.GELU{},
		cnnlib.Residual(cnnlib.Conv{Out: 4, Kernel: 3, Same: true}), cnnlib.MaxPool{Size: 2, Ceil: true}, cnnlib.Dropout{Rate: 0.5}, cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 3}, cnnlib.Scale{By: 0.5},
	}
}

func someExamples(n int) Examples {
	e := Examples{Classes: []string{"cat", "dog", "</script>"}}
	for i := range n {
		e.Labels = append(e.Labels, i%3)
	}
	for i := range n * 12 * 12 * 3 {
		e.Pixels = append(e.Pixels, uint8(i*i))
	}
	return e
}

func TestClickThrough(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	m, err := cnnlib.New(labtest.Go(t), clickable(), []int{12, 12, 3}, cnnlib.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	page, err := ClickThrough(m, someExamples(3))
	if err != nil {
		t.Fatal(err)
	}
	picturetest.Check(t, page.Picture, nil)
	if strings.Count(page.HTML, "</script>") != 1 {
		t.Error("a class's name ends the script")
	}
	if dir := os.Getenv("LOOK"); dir != "" {
		if err := WritePage(filepath.Join(dir, "clickthrough.html"), page); err != nil {
			t.Fatal(err)
		}
	}
	for what, call := range map[string]struct {
		net      cnnlib.Sequential
		in       []int
		examples Examples
	}{
		"cannot be clicked through": {cnnlib.Sequential{cnnlib.TransposedConv{Out: 3, Kernel: 2}, cnnlib.GlobalAvgPool{}}, []int{12, 12, 3}, someExamples(1)},
		"3 classes are named":       {cnnlib.Sequential{cnnlib.Flatten{}, cnnlib.Dense{Out: 4}}, []int{12, 12, 3}, someExamples(1)},
		"1 or 3 channels":           {cnnlib.Sequential{cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 3}}, []int{12, 12, 2}, someExamples(1)},
		"no pictures of shape":      {cnnlib.Sequential{cnnlib.GlobalAvgPool{}}, []int{13, 12, 3}, someExamples(1)},
		"from 1 to 60 can be shown": {cnnlib.Sequential{cnnlib.GlobalAvgPool{}}, []int{12, 12, 3}, someExamples(61)},
		"class 7":                   {cnnlib.Sequential{cnnlib.GlobalAvgPool{}}, []int{12, 12, 3}, Examples{Pixels: someExamples(1).Pixels, Labels: []int{7}, Classes: []string{"a", "b", "c"}}},
	} {
		m, err := cnnlib.New(labtest.Go(t), call.net, call.in, cnnlib.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ClickThrough(m, call.examples); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%v, should say %q", err, what)
		}
	}
	if _, err := ClickThrough(nil, someExamples(1)); err == nil {
		t.Error("no model is taken")
	}
}
