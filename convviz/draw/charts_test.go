package draw_test

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

// axis reads two labelled grid lines off a chart and gives the map from
// pixels to numbers.
func axis(t *testing.T, all []picturetest.Element, vertical bool) func(px float64) float64 {
	t.Helper()
	var at, value []float64
	for _, e := range picturetest.Of(all, "text") {
		v, err := strconv.ParseFloat(strings.NewReplacer(",", "", " %", "").Replace(e.Text), 64)
		if err != nil || e.Attr["transform"] != "" || e.Float(t, "font-size") != 11 {
			continue
		}
		if middle := e.Float(t, "x") + e.Float(t, "textLength")/2; vertical && hasLine(t, all, 1, e.Float(t, "y")-4) {
			at, value = append(at, e.Float(t, "y")-4), append(value, v)
		} else if !vertical && hasLine(t, all, 0, middle) {
			at, value = append(at, middle), append(value, v)
		}
	}
	if len(at) < 2 {
		t.Fatalf("no axis: %v %v", at, value)
	}
	last := len(at) - 1
	slope := (value[last] - value[0]) / (at[last] - at[0])
	return func(px float64) float64 { return value[0] + (px-at[0])*slope }
}

// hasLine: a straight line has both its ends at that x (axis 0) or y (1).
func hasLine(t *testing.T, all []picturetest.Element, axis int, at float64) bool {
	for _, e := range picturetest.Of(all, "polyline") {
		xs, ys := e.Points(t)
		if p := [][]float64{xs, ys}[axis]; len(p) == 2 && math.Abs(p[0]-at) < 0.02 && math.Abs(p[1]-at) < 0.02 {
			return true
		}
	}
	return false
}

func TestLinesLieWhereTheirNumbersSay(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		n := 2 + rng.IntN(40)
		y, scale := make([]float64, n), math.Pow(10, float64(rng.IntN(7)-2))
		for i := range y {
			y[i] = rng.NormFloat64() * scale
		}
		p, err := draw.Lines{Title: "T", Series: []draw.Series{{Name: "s", Y: y, Marker: true}}}.Draw()
		all := picturetest.Check(t, p, err)
		toY, toX := axis(t, all, true), axis(t, all, false)
		dots := picturetest.Of(all, "circle")
		if len(dots) != n {
			t.Fatalf("%d markers for %d points", len(dots), n)
		}
		high := slices.Max(y) - slices.Min(y)
		for i, dot := range dots {
			if got := toY(dot.Float(t, "cy")); math.Abs(got-y[i]) > 0.01*high {
				t.Errorf("point %d is drawn at %g, is %g", i, got, y[i])
			}
			if got := toX(dot.Float(t, "cx")); math.Abs(got-float64(i+1)) > 0.01*float64(n) {
				t.Errorf("point %d is drawn at x %g", i+1, got)
			}
		}
	}
}

func TestPointsAlone(t *testing.T) {
	p, err := draw.Lines{Title: "T", Series: []draw.Series{{X: []float64{1, 5, 2}, Y: []float64{1, 4, 3}, NoLine: true}}}.Draw()
	all := picturetest.Check(t, p, err)
	if n := len(picturetest.Of(all, "circle")); n != 3 {
		t.Errorf("%d points for 3", n)
	}
	for _, e := range picturetest.Of(all, "polyline") {
		if e.Attr["stroke"] == "#009e73" {
			t.Error("a line joins the points")
		}
	}
}

func TestBarsAreAsHighAsTheirNumbers(t *testing.T) {
	values := []float64{3, 0, 8, 1}
	p, err := draw.Bars{Title: "T", Labels: []string{"a", "b", "c", "d"}, Values: values}.Draw()
	all := picturetest.Check(t, p, err)
	toY := axis(t, all, true)
	var got []float64
	for _, e := range picturetest.Of(all, "rect")[1:] {
		got = append(got, toY(e.Float(t, "y"))-toY(e.Float(t, "y")+e.Float(t, "height")))
	}
	for i, want := range []float64{3, 8, 1} { // the empty bar is not drawn
		if math.Abs(got[i]-want) > 0.05 {
			t.Errorf("bar %d is %g high, should be %g", i, got[i], want)
		}
	}
	counts, err := draw.Histogram([]float64{0, 0.5, 1, 2, 4}, 4, 0, 4)
	if err != nil || !slices.Equal(counts, []float64{2, 1, 1, 1}) {
		t.Errorf("histogram %v, %v", counts, err)
	}
	p, err = draw.Bars{Title: "H", Values: counts, Lo: 0, Hi: 4}.Draw()
	all = picturetest.Check(t, p, err)
	toY, toX := axis(t, all, true), axis(t, all, false)
	xs, ys := picturetest.Of(all, "polygon")[0].Points(t)
	for i, c := range counts {
		if x, y := toX(xs[1+2*i]), toY(ys[1+2*i]); math.Abs(x-float64(i)) > 0.02 || math.Abs(y-c) > 0.02 {
			t.Errorf("bin %d starts at %g, %g; should be %d, %g", i, x, y, i, c)
		}
	}
}

func TestMatrixPrintsItsNumbers(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 30 {
		rows, cols := 1+rng.IntN(12), 1+rng.IntN(12)
		values, want := make([][]float64, rows), []string{"title"}
		for i := range values {
			values[i] = make([]float64, cols)
			for j := range values[i] {
				values[i][j] = float64(rng.IntN(4000) - 2000)
				text := fmt.Sprint(int(math.Abs(values[i][j])))
				if len(text) > 3 {
					text = text[:1] + "," + text[1:]
				}
				if values[i][j] < 0 {
					text = "-" + text
				}
				want = append(want, text)
			}
		}
		p, err := draw.Matrix{Title: "title", Values: values}.Draw()
		all := picturetest.Check(t, p, err)
		if got := picturetest.Texts(all); !slices.Equal(got, want) {
			t.Fatalf("printed %v, want %v", got, want)
		}
	}
}

// noise is a small colourful image.
func noise(seed int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, 32, 32))
	for k := range 1024 {
		img.Set(k%32, k/32, color.NRGBA{uint8(k*seed + k*k*7), uint8(k/4 + seed*20), uint8(seed * k % 91), 255})
	}
	return img
}

func TestGalleryKeepsEveryPixel(t *testing.T) {
	images := [][]image.Image{{noise(1), noise(2), nil}, {noise(3), noise(4), noise(5)}}
	p, err := draw.Gallery{Title: "G", Images: images, Rows: []string{"one", "two"}, Cell: 32}.Draw()
	picturetest.Check(t, p, err)
	canvas := picturetest.Decode(t, p.PNG)
	found := 0
	b := canvas.Bounds()
	for _, row := range images {
		for _, img := range row {
			if img == nil {
				continue
			}
			for y := 0; y < b.Dy(); y++ {
				for x := 0; x < b.Dx(); x++ {
					if same(canvas, x, y, img) {
						found++
					}
				}
			}
		}
	}
	if found != 5*draw.Scale*draw.Scale { // any corner of a pixel's square matches
		t.Errorf("%d of 5 images are in the picture, pixel by pixel", found/draw.Scale/draw.Scale)
	}
}

// same: every pixel of img is a square of Scale pixels at x, y.
func same(canvas image.Image, x, y int, img image.Image) bool {
	for v := range 32 {
		for u := range 32 {
			px, py := x+draw.Scale*u, y+draw.Scale*v
			if px >= canvas.Bounds().Dx() || py >= canvas.Bounds().Dy() {
				return false
			}
			r1, g1, b1, _ := canvas.At(px, py).RGBA()
			r2, g2, b2, _ := img.At(u, v).RGBA()
			if r1 != r2 || g1 != g2 || b1 != b2 {
				return false
			}
		}
	}
	return true
}

func TestChineseIsDrawnAsOutlines(t *testing.T) {
	p, err := draw.Lines{Title: "训练损失", Series: []draw.Series{{Y: []float64{2, 1}}}}.Draw()
	all := picturetest.Check(t, p, err)
	if got := picturetest.Texts(all); !slices.Contains(got, "训练损失") {
		t.Fatalf("texts %v", got)
	}
	for _, e := range picturetest.Of(all, "text") {
		if strings.Contains(e.Text, "训") {
			t.Error("Chinese is left to the page's fonts")
		}
	}
}

func TestGolden(t *testing.T) {
	lines := draw.Lines{Title: "Training Loss", XLabel: "Epoch", YLabel: "Loss", WholeX: true, Series: []draw.Series{
		{Name: "training", Y: []float64{1.8, 1.5, 1.3, 1.2, 1.1}, Marker: true},
		{Name: "validation", Y: []float64{1.6, 1.4, math.NaN(), 1.3, 1.31}, Marker: true, Dash: true}},
		Marks: []draw.Mark{{X: 4, Y: 1.3, Name: "lowest: 1.30"}}}
	boxes := draw.Boxes{Title: "Network", Boxes: []draw.Box{{Name: "input", Height: 32, Width: 32, Channels: 3},
		{Name: "Conv 6@3x3", Height: 30, Width: 30, Channels: 6, Kernel: 3, Lines: []string{"30x30x6"}}, {Name: "Dense 10", Height: 10, Channels: 1}}}
	for name, panel := range map[string]draw.Panel{
		"lines":   lines,
		"bars":    draw.Bars{Title: "像素", Labels: []string{"a", "b"}, Values: []float64{1, 2}, Width: 200, Height: 160},
		"matrix":  draw.Matrix{Title: "M", Values: [][]float64{{-1, 0}, {0.5, 1}}, Decimals: 1, Signed: true, Rows: []string{"p", "q"}},
		"gallery": draw.Gallery{Title: "G", Images: [][]image.Image{{noise(1), noise(2)}}, Captions: [][][]string{{{"cat"}, {"dog"}}}},
		"boxes":   boxes,
	} {
		p, err := draw.Beside(panel)
		picturetest.Check(t, p, err)
		picturetest.Golden(t, name, p.PNG)
	}
}
