package convviz

import (
	"fmt"
	"image"
	"math"
	"testing"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/train"
	"convlab/convviz/internal/picturetest"
)

// rowsOf is a table that may be huge: its rows share their numbers.
func rowsOf(h, w int, v float64) [][]float64 {
	row := make([]float64, w)
	for i := range row {
		row[i] = v
	}
	rows := make([][]float64, h)
	for i := range rows {
		rows[i] = row
	}
	return rows
}

// TestOddInput gives every kind of picture NaN, infinities, flat and empty
// data, a single number and 10,000 x 10,000: each is drawn whole or refused.
// The test's time limit stands for "not minutes".
func TestOddInput(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	still := func(f *Film, err error) (*Picture, error) {
		if err != nil {
			return nil, err
		}
		return f.Picture, nil
	}
	pixel := func(w, h int) image.Image { return image.NewGray(image.Rect(0, 0, w, h)) }
	type call func() (*Picture, error)
	tried, drawn := 0, 0
	try := func(name string, draw call) {
		tried++
		p, err := draw()
		if err == nil {
			drawn++
			t.Run(name, func(t *testing.T) { picturetest.Check(t, p, nil) })
		} else if err.Error() == "" {
			t.Errorf("%s: an error without words", name)
		}
	}
	for size, side := range map[string][2]int{"empty": {0, 0}, "no columns": {1, 0}, "one": {1, 1}, "small": {4, 4}, "huge": {10_000, 10_000}, "long": {1, 10_000}} {
		for value, v := range map[string]float64{"flat": 1, "zero": 0, "NaN": math.NaN(), "infinite": math.Inf(-1), "largest": math.MaxFloat64, "tiny": 5e-324} {
			name := size + " " + value + " "
			h, w := side[0], side[1]
			rows := rowsOf(h, w, v)
			var numbers []float64
			var floats []float32
			if h*w <= 10_000 {
				for range h * w {
					numbers, floats = append(numbers, v), append(floats, float32(v))
				}
			} else if value == "zero" {
				numbers, floats = make([]float64, h*w), make([]float32, h*w)
			}
			for _, s := range []Slide{{Input: rows, Kernel: rows}, {Input: rows, Kernel: rowsOf(1, 1, v)}, {Input: rowsOf(3, 3, 1), Kernel: rows, Padding: 2},
				{Input: rows, Kernel: rowsOf(2, 2, v), Transposed: true}} {
				try(name+"slide", func() (*Picture, error) { return still(s.Film()) })
				try(name+"microscope", func() (*Picture, error) { return still(s.Matrix()) })
			}
			for _, s := range []Stack{{Input: [][][]float64{rows}, Kernel: [][][]float64{rows}}, {Input: [][][]float64{rows, rows}, Kernel: [][][]float64{rowsOf(1, 1, v)}, Volume: true},
				{Input: [][][]float64{rows}, Filters: [][][][]float64{{rows}, {rows}}, Groups: 1}, {Input: [][][]float64{rows}, Kernel: [][][]float64{rowsOf(2, 2, v)}, Transposed: true}} {
				try(name+"stack", func() (*Picture, error) { return still(s.Film()) })
				try(name+"isometric", func() (*Picture, error) { return still(s.Isometric()) })
			}
			try(name+"grey", func() (*Picture, error) {
				if img, err := Gray(rows, 0, v); err != nil {
					return nil, err
				} else {
					return Mistakes([]Mistake{{Image: img, Probability: min(1, max(0, v))}})
				}
			})
			try(name+"matrix", func() (*Picture, error) {
				return LayerMatrix(&cnnlib.SparseMatrix{Rows: h, Cols: w, Entries: nil}, "m")
			})
			try(name+"kronecker", func() (*Picture, error) { return Kronecker(numbers, []float64{v}, h, w) })
			try(name+"kernels", func() (*Picture, error) { return Kernels(floats, []int{h, w, 1, 1}) })
			try(name+"pointwise", func() (*Picture, error) { return Kernels(floats, []int{1, 1, h, w}) })
			try(name+"maps", func() (*Picture, error) { return FeatureMaps(floats, h, w, 1) })
			try(name+"pooled maps", func() (*Picture, error) { return FeatureMaps(floats, 1, h, w) })
			try(name+"kernels over", func() (*Picture, error) {
				return still(KernelsOver([]int{0, 1}, [][]float32{floats, floats}, []int{h, w, 1, 1}))
			})
			try(name+"influence", func() (*Picture, error) { return Influence(numbers, h, w) })
			try(name+"influence over", func() (*Picture, error) { return still(InfluenceOver([]int{3}, [][]float64{numbers}, h, w)) })
			try(name+"blind", func() (*Picture, error) { return BlindPixels(numbers, h, w) })
			try(name+"saliency", func() (*Picture, error) {
				return Saliencies(pixel(8, 8), "cat", Saliency{Method: "m", Trained: numbers, Random: numbers, Height: h, Width: w})
			})
			try(name+"curves", func() (*Picture, error) {
				return Curves(train.History{{Epoch: 1, Loss: v, Accuracy: v, Validated: true, ValidLoss: v, ValidAccuracy: v}})
			})
			try(name+"costs", func() (*Picture, error) {
				return Costs(&cnnlib.Summary{Rows: make([]cnnlib.Row, min(h, 300))}, numbers)
			})
		}
		h, w := side[0], side[1]
		counts, names := make([][]int, h), make([]string, h)
		row := make([]int, w)
		for i := range counts {
			counts[i] = row
		}
		try(size+" confusion", func() (*Picture, error) { return Confusion(counts, names) })
		try(size+" confusion examples", func() (*Picture, error) {
			p, err := ConfusionExamples(counts, names, make([][][]image.Image, h))
			if err != nil {
				return nil, err
			}
			return p.Picture, nil
		})
		try(size+" mistakes", func() (*Picture, error) { return Mistakes(make([]Mistake, h)) })
		try(size+" large mistake", func() (*Picture, error) { return Mistakes([]Mistake{{Image: pixel(w, h)}}) })
		try(size+" classes", func() (*Picture, error) { return Classes(make([][]image.Image, h), names) })
		try(size+" histograms", func() (*Picture, error) { return ChannelHistograms(make([]uint8, min(h*w, 1<<20)), max(w, 1)) })
		try(size+" reach", func() (*Picture, error) { return ChannelReach(h, 0, Grouped(w)) })
		try(size+" connections", func() (*Picture, error) { return Connections(h, Shuffled(w)) })
		try(size+" coverage", func() (*Picture, error) { return Coverage(h, w) })
		net := cnnlib.Sequential{cnnlib.Conv{Out: max(h, 1), Kernel: max(w, 1)}}
		for _, in := range [][]int{{h, w, 1}, {h, 1}, nil} {
			try(size+" network", func() (*Picture, error) { return Network(net, in) })
			try(size+" field", func() (*Picture, error) { return ReceptiveField(net, in) })
			try(size+" field on", func() (*Picture, error) { return ReceptiveFieldOn(net, in, pixel(w, h), "0", 0, 0) })
		}
		try(size+" saliency", func() (*Picture, error) {
			return Saliencies(pixel(w, h), "cat", Saliency{Trained: []float64{1}, Random: []float64{2}, Height: 1, Width: 1})
		})
	}
	t.Logf("%d of %d were drawn", drawn, tried)
	if drawn < 200 || drawn > tried-200 {
		t.Errorf("%d of %d were drawn", drawn, tried)
	}
}

// lessonFilms are the pictures with steps that the notebooks show, at the
// lesson's sizes.
func lessonFilms() map[string]func() (*Film, error) {
	rows := rowsOf(5, 5, 1)
	cube := [][][]float64{rows, rows, rows, rows, rows}
	three := rowsOf(3, 3, -2)
	stamp := Slide{Input: rowsOf(3, 3, 2), Kernel: three, Transposed: true, Stride: 2}
	volume := Stack{Input: cube, Kernel: [][][]float64{three, three, three}, Volume: true}
	groups := Stack{Input: cube[:4], Groups: 2}
	for range 4 {
		groups.Filters = append(groups.Filters, [][][]float64{three, three})
	}
	kernels, maps := [][]float32{}, [][]float32{}
	for range maxEpochs {
		kernels, maps = append(kernels, make([]float32, 3*3*3*32)), append(maps, make([]float32, 30*30*6))
		for i := range kernels[0] {
			kernels[len(kernels)-1][i] = float32(i*7919%101) - 50
		}
		for i := range maps[0] {
			maps[len(maps)-1][i] = float32(i * 7919 % 101)
		}
	}
	epochs := make([]int, maxEpochs)
	return map[string]func() (*Film, error){
		"slide":        Slide{Input: rows, Kernel: three}.Film,
		"stride":       Slide{Input: rowsOf(7, 7, 1), Kernel: three, Stride: 2, Padding: 1}.Film,
		"dilated":      Slide{Input: rowsOf(9, 9, 1), Kernel: three, Dilation: 2}.Film,
		"transposed":   stamp.Film,
		"matrix":       Slide{Input: rowsOf(4, 4, 1), Kernel: three}.Matrix,
		"transpose":    Slide{Input: rowsOf(2, 2, 1), Kernel: three, Transposed: true}.Matrix,
		"channels":     Stack{Input: cube[:3], Kernel: volume.Kernel, Bias: 1}.Film,
		"volume":       volume.Film,
		"isometric":    volume.Isometric,
		"groups":       groups.Film,
		"kernels over": func() (*Film, error) { return KernelsOver(epochs, kernels, []int{3, 3, 3, 32}) },
		"maps over":    func() (*Film, error) { return FeatureMapsOver(epochs[:11], maps[:11], 30, 30, 6) },
	}
}

// TestFilmsAreSmall: every form of a film takes under 300 KB.
func TestFilmsAreSmall(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		for name, film := range lessonFilms() {
			f, err := film()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			html, err := FilmHTML(f)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			still, err := f.Still()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for form, size := range map[string]int{"still": len(still.PNG), "SVG": len(f.SVG), "animation": len(f.Animated), "step-through": len(html), "PNG": len(f.PNG)} {
				if size > 300_000 {
					t.Errorf("%s: the %s takes %d bytes", name, form, size)
				}
			}
		}
	})
}

// BenchmarkPictures measures how long a picture takes once its numbers are
// there; a cell has half a second for it.
func BenchmarkPictures(b *testing.B) {
	for name, film := range lessonFilms() {
		b.Run(fmt.Sprint("film ", name), func(b *testing.B) {
			for b.Loop() {
				if _, err := film(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	maps := make([]float32, 32*32*32)
	counts := make([][]int, 10)
	for i := range counts {
		counts[i] = make([]int, 10)
		counts[i][i] = 1
	}
	for name, draw := range map[string]func() (*Picture, error){
		"network":   func() (*Picture, error) { return Network(nets.LessonNet(), nets.CIFARInput()) },
		"field":     func() (*Picture, error) { return ReceptiveField(nets.LessonNet(), nets.CIFARInput()) },
		"coverage":  func() (*Picture, error) { return Coverage(3, 1, 2, 4) },
		"reach":     func() (*Picture, error) { return ChannelReach(12, 0, Grouped(3), Shuffled(3), Grouped(3)) },
		"maps":      func() (*Picture, error) { return FeatureMaps(maps, 32, 32, 32) },
		"confusion": func() (*Picture, error) { return Confusion(counts, make([]string, 10)) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := draw(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
