package convviz

import (
	"context"
	"encoding/base64"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"convlab/cifar"
	"convlab/convviz/internal/picturetest"
	"convlab/internal/labtest"
)

func TestConfusionExamples(t *testing.T) {
	data, err := cifar.Open(context.Background(), labtest.Data(t))
	if err != nil {
		t.Fatal(err)
	}
	counts, examples := make([][]int, 10), make([][][]image.Image, 10)
	for i := range counts {
		counts[i], examples[i] = make([]int, 10), make([][]image.Image, 10)
		for j := range counts[i] {
			counts[i][j] = (i*7 + j*13) % 40
			if i == j {
				counts[i][j] = 700
			}
			for k := range min(8, counts[i][j]) {
				examples[i][j] = append(examples[i][j], data.Test.Image(i*100+j*10+k))
			}
		}
	}
	inBoth(t, func(t *testing.T) {
		p, err := ConfusionExamples(counts, cifar.Classes[:], examples)
		if err != nil {
			t.Fatal(err)
		}
		picturetest.Check(t, p.Picture, nil)
		look(t, "confused", p.Picture)
		if len(p.HTML) > 300_000 {
			t.Errorf("the page takes %d bytes", len(p.HTML))
		}
		guarded, err := p.guarded()
		if err != nil || len(guarded) > 300_000 || strings.Count(guarded, "</script>") != 2 {
			t.Errorf("in a notebook the page takes %d bytes, %v", len(guarded), err)
		}
		if strings.Contains(p.HTML, "<script") || regexp.MustCompile(`(src|href|url\()="?http`).MatchString(p.HTML) {
			t.Error("the page has a script or fetches something")
		}
		if n := strings.Count(p.HTML, "<i style"); n != maxExamples {
			t.Errorf("%d images", n)
		}
		for i, row := range counts {
			for j, count := range row {
				words := sayf("%s, taken for %s: %s", say(cifar.Classes[i]), say(cifar.Classes[j]), fmt.Sprint(count))
				if i == j {
					words = sayf("%s, recognised: %s", say(cifar.Classes[i]), fmt.Sprint(count))
				}
				if has := strings.Contains(p.HTML, `aria-label="`+words+`"`); has != (count > 0) {
					t.Errorf("%q: %v", words, has)
				}
			}
		}
		again, err := ConfusionExamples(counts, cifar.Classes[:], examples)
		if err != nil {
			t.Fatal(err)
		}
		if first, second := written(t, "a.html", p), written(t, "a.html", again); first != second || p.HTML == again.HTML {
			t.Error("one page in two files differs, or has one id in two places of a notebook")
		}
		if dir := os.Getenv("LOOK"); dir != "" {
			if err := WritePage(filepath.Join(dir, "confused-"+Language()+".html"), p); err != nil {
				t.Fatal(err)
			}
			if err := save(filepath.Join(dir, "guarded-"+Language()+".html"), document(guarded)); err != nil {
				t.Fatal(err)
			}
		}
	})
	cat := [][][]image.Image{{{picture(1)}, nil}, {nil, nil}}
	for i, bad := range []struct {
		counts   [][]int
		examples [][][]image.Image
	}{{nil, nil}, {[][]int{{1, 0}, {0, 1}}, nil}, {[][]int{{1, 0}, {0, 1}}, [][][]image.Image{{nil}, {nil}}}, {[][]int{{0, 1}, {0, 1}}, cat},
		{[][]int{{1, 0}, {0, 1}}, [][][]image.Image{{{nil}, nil}, {nil, nil}}}} {
		if _, err := ConfusionExamples(bad.counts, []string{"a", "b"}, bad.examples); err == nil {
			t.Errorf("confusion %d was drawn", i)
		}
	}
	p, err := ConfusionExamples([][]int{{1, 0}, {0, 1}}, []string{"a", "b"}, cat)
	if err != nil {
		t.Fatal(err)
	}
	picturetest.Check(t, p.Picture, nil)
	if err := ShowPage(p); err != nil {
		t.Error(err)
	}
	if ShowPage(nil) == nil || WritePage("x.html", nil) == nil {
		t.Error("a page of nothing")
	}
}

// TestExamplesBehindTheirCells: random flat colours come back, from the sheet,
// behind the cell that they were given for.
func TestExamplesBehindTheirCells(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(111, 112))
	cell := regexp.MustCompile(`<button type="button" aria-label="c(\d), (?:taken for c(\d)|recognised): (\d+)"><span><b>[^<]*</b><br>((?:<i [^>]*></i>)*)`)
	place := regexp.MustCompile(`-(\d+)px -(\d+)px`)
	for range drawings {
		n := 2 + rng.IntN(3)
		counts, examples, names := make([][]int, n), make([][][]image.Image, n), []string{}
		grey := map[[2]int][]uint8{}
		for i := range n {
			names = append(names, fmt.Sprint("c", i))
			for j := range n {
				counts[i] = append(counts[i], rng.IntN(5))
				var images []image.Image
				for range rng.IntN(counts[i][j] + 1) {
					v := uint8(rng.IntN(256))
					img := image.NewGray(image.Rect(0, 0, 1+rng.IntN(4), 1+rng.IntN(4)))
					for k := range img.Pix {
						img.Pix[k] = v
					}
					images, grey[[2]int{i, j}] = append(images, img), append(grey[[2]int{i, j}], v)
				}
				examples[i] = append(examples[i], images)
			}
		}
		counts[0][0]++
		p, err := ConfusionExamples(counts, names, examples)
		if err != nil {
			t.Fatal(err)
		}
		_, data, _ := strings.Cut(p.HTML, "base64,")
		data, _, _ = strings.Cut(data, ")")
		sheet, err := jpeg.Decode(base64.NewDecoder(base64.StdEncoding, strings.NewReader(data)))
		if err != nil {
			t.Fatal(err)
		}
		cells := 0
		for _, m := range cell.FindAllStringSubmatch(p.HTML, -1) {
			var i, j, count int
			fmt.Sscan(m[1], &i)
			if j = i; m[2] != "" {
				fmt.Sscan(m[2], &j)
			}
			fmt.Sscan(m[3], &count)
			if count != counts[i][j] {
				t.Fatalf("cell %d, %d says %d, counts %d", i, j, count, counts[i][j])
			}
			var got []uint8
			for _, at := range place.FindAllStringSubmatch(m[4], -1) {
				var x, y int
				fmt.Sscan(at[1], &x)
				fmt.Sscan(at[2], &y)
				r, _, _, _ := sheet.At(x/2+16, y/2+16).RGBA()
				got = append(got, uint8(r>>8))
			}
			if want := grey[[2]int{i, j}]; !slices.EqualFunc(got, want, func(a, b uint8) bool { return max(a, b)-min(a, b) <= 3 }) {
				t.Fatalf("behind cell %d, %d are %v, want %v", i, j, got, want)
			}
			cells++
		}
		want := 0
		for _, row := range counts {
			for _, count := range row {
				want += min(count, 1)
			}
		}
		if cells != want {
			t.Fatalf("%d cells have images behind them, want %d", cells, want)
		}
	}
}

// written is what WritePage writes.
func written(t *testing.T, name string, p *Page) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := WritePage(file, p); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
