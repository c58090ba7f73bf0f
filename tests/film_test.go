package tests

import (
	"encoding/json"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convlab/convviz"
	"convlab/internal/labdir"
	"convlab/internal/skiptest"
)

// TestFilmInBrowser opens a step-through and a confusion matrix with examples
// as exported pages. What the browser shows in every step is compared with
// numbers computed here by a plain loop.
func TestFilmInBrowser(t *testing.T) {
	if _, err := os.Stat(filepath.Join(labdir.Dir(), "browser", "node_modules")); err != nil {
		skiptest.Missing(t, "the browser")
	}
	t.Setenv("CONVLAB_LANG", "en")
	const size, k, stride, padding = 5, 3, 2, 1
	var input, kernel [][]float64
	for i := range size {
		input = append(input, nil)
		for j := range size {
			input[i] = append(input[i], float64((3*i+5*j+i*j)%9-4))
		}
	}
	for i := range k {
		kernel = append(kernel, nil)
		for j := range k {
			kernel[i] = append(kernel[i], float64(2*i-j))
		}
	}
	type cell struct {
		Words  string `json:"words"`
		Images int    `json:"images"`
	}
	var expected struct {
		Numbers []string `json:"numbers"`
		Words   []string `json:"words"`
		Cells   []cell   `json:"cells"`
	}
	factor := func(v float64) string {
		if v < 0 {
			return fmt.Sprintf("(%g)", v)
		}
		return fmt.Sprint(v)
	}
	const out = (size+2*padding-k)/stride + 1
	for i := range out {
		for j := range out {
			sum, products := 0.0, []string{}
			for a := range k {
				for b := range k {
					y, x, v := i*stride+a-padding, j*stride+b-padding, 0.0
					if y >= 0 && y < size && x >= 0 && x < size {
						v = input[y][x]
					}
					sum += v * kernel[a][b]
					products = append(products, factor(v)+"·"+factor(kernel[a][b]))
				}
			}
			expected.Numbers = append(expected.Numbers, fmt.Sprint(sum))
			expected.Words = append(expected.Words, fmt.Sprintf("step %d of %d: y[%d,%d] = %s = %g", i*out+j+1, out*out, i, j, strings.Join(products, " + "), sum))
		}
	}
	dir := t.TempDir()
	film, confusion := filepath.Join(dir, "film.html"), filepath.Join(dir, "confusion.html")
	f, err := convviz.Slide{Input: input, Kernel: kernel, Stride: stride, Padding: padding, Seconds: 0.05}.Film()
	if err := convviz.WriteFilm(film, f, err); err != nil {
		t.Fatal(err)
	}
	counts := [][]int{{5, 1, 0}, {2, 7, 3}, {0, 0, 4}}
	names, examples := []string{"left", "middle", "right"}, make([][][]image.Image, 3)
	for i, row := range counts {
		for j, n := range row {
			var images []image.Image
			for range min(n, 3) {
				images = append(images, image.NewGray(image.Rect(0, 0, 8, 8)))
			}
			examples[i] = append(examples[i], images)
			words := fmt.Sprintf("%s, taken for %s: %d", names[i], names[j], n)
			if i == j {
				words = fmt.Sprintf("%s, recognised: %d", names[i], n)
			}
			if n > 0 {
				expected.Cells = append(expected.Cells, cell{words, len(images)})
			}
		}
	}
	page, err := convviz.ConfusionExamples(counts, names, examples)
	if err := convviz.WritePage(confusion, page, err); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(expected)
	if err != nil {
		t.Fatal(err)
	}
	want := filepath.Join(dir, "expected.json")
	if err := os.WriteFile(want, data, 0o666); err != nil {
		t.Fatal(err)
	}
	t.Log(command(t, 3*time.Minute, []string{"CONVLAB_LAB=" + labdir.Dir()}, "node", "tests/browser/film.mjs", film, confusion, want))
}
