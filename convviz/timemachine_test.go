package convviz

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/cnnlib/train"
	"convlab/convviz/internal/picturetest"
	"convlab/internal/labtest"
)

// machineOf is a page of two epochs, which are two seeds here.
func machineOf(t *testing.T, history train.History) (*TimeMachine, []*cnnlib.Model, *Page) {
	t.Helper()
	machine, models := &TimeMachine{Examples: someExamples(3)}, []*cnnlib.Model{}
	for epoch := range 2 {
		m, err := cnnlib.New(labtest.Go(t), cnnlib.Sequential{
			cnnlib.Conv{Out: 20, Kernel: 3}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2}, cnnlib.Conv{Out: 4, Kernel: 3}, cnnlib.BatchNorm{}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 3}, cnnlib.Flatten{}, cnnlib.Dense{Out: 3},
		}, []int{12, 12, 3}, cnnlib.Options{Seed: uint64(epoch + 1)})
		if err != nil {
			t.Fatal(err)
		}
		models = append(models, m)
		if err := machine.Add(m, epoch, &train.Result{N: 3, Loss: 1.5 - float64(epoch), Accuracy: 0.5, Confusion: [][]int{{1, 0, 0}, {0, 0, 1}, {0, 1, epoch}}}); err != nil {
			t.Fatal(err)
		}
	}
	page, err := machine.Page(history)
	if err != nil {
		t.Fatal(err)
	}
	return machine, models, page
}

// TestTimeMachine reads the page's numbers back: probabilities, kernels, and
// maps to a half of a 127th of the largest.
func TestTimeMachine(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	_, models, page := machineOf(t, train.History{{Epoch: 1, Loss: 1, Validated: true, ValidLoss: math.NaN()}})
	picturetest.Check(t, page.Picture, nil)
	if dir := os.Getenv("LOOK"); dir != "" {
		if err := WritePage(filepath.Join(dir, "timemachine.html"), page); err != nil {
			t.Fatal(err)
		}
	}
	found := regexp.MustCompile(`(?m)^timeMachine\(root, (.*), "en"\);$`).FindStringSubmatch(page.HTML)
	if found == nil || strings.Count(page.HTML, "</script>") != 1 {
		t.Fatal("the page has no call of its script, or more than one script")
	}
	type layer struct {
		Shape    []int
		Channels int
		Most     float64
	}
	var data struct {
		First, Last layer
		Sees        map[string]int
		Moments     []struct {
			Examples []struct{ First, Last, Cam []byte }
			Half     int
		}
	}
	if err := json.Unmarshal([]byte(found[1]), &data); err != nil {
		t.Fatal(err)
	}
	examples := someExamples(3)
	for epoch, m := range models {
		for path, l := range map[cnnlib.Path]layer{"0": data.First, "5": data.Last} {
			values, shape, err := m.Output(examples.Pixels, 3, path)
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range values {
				got := data.Moments[epoch].Examples[i].First
				if path == "5" {
					got = data.Moments[epoch].Examples[i].Last
				}
				at := 0
				for n, v := range want {
					if n%shape[2] >= l.Shape[2] {
						continue
					}
					if off := math.Abs(float64(int8(got[at]))/127*l.Most - float64(v)); off > 0.51*l.Most/127 {
						t.Fatalf("epoch %d, picture %d, layer %s, number %d is off by %g", epoch, i, path, n, off)
					}
					at++
				}
				if at != len(got) {
					t.Errorf("layer %s: %d numbers, should be %d", path, len(got), at)
				}
			}
		}
		if h := data.Moments[epoch].Half; h < 1 || h > 36 {
			t.Errorf("half of the influence comes from %d pixels, the unit sees 8x8", h)
		}
	}
	if s := data.Sees; s["bottom"]-s["top"] != 7 || s["right"]-s["left"] != 7 {
		t.Errorf("the unit sees %v, should be 8x8 pixels", s)
	}
}

func TestTimeMachineErrors(t *testing.T) {
	var empty TimeMachine
	if _, err := empty.Page(nil); err == nil {
		t.Error("a page of no epochs is made")
	}
	machine, models, _ := machineOf(t, nil)
	good := &train.Result{Confusion: [][]int{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}
	if err := machine.Add(nil, 2, good); err == nil {
		t.Error("no model is taken")
	}
	if err := machine.Add(models[0], 2, &train.Result{Confusion: [][]int{{1}}}); err == nil || !strings.Contains(err.Error(), "1 classes, but 3") {
		t.Error(err)
	}
	flat, err := cnnlib.New(labtest.Go(t), cnnlib.Sequential{cnnlib.Flatten{}, cnnlib.Dense{Out: 3}}, []int{12, 12, 3}, cnnlib.Options{})
	if err != nil {
		t.Fatal(err)
	}
	none := TimeMachine{Examples: someExamples(1)}
	if err := none.Add(flat, 0, good); err == nil || !strings.Contains(err.Error(), "no convolution") {
		t.Error(err)
	}
	many := TimeMachine{Examples: someExamples(9)}
	if err := many.Add(models[0], 0, good); err == nil || !strings.Contains(err.Error(), "at most 8") {
		t.Error(err)
	}
}
