package convviz

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"

	"convlab/cnnlib"
	"convlab/convviz/draw"
)

// Saliency is how much each place of an image counts for a class by one
// method, height·width numbers: for the trained network, and for the same
// network with random weights. The two should differ: a method whose map
// stays when all that was learned is gone shows the image, not the network
// (the sanity check of Adebayo et al. 2018, lesson 3.6).
type Saliency struct {
	Method          string
	Trained, Random []float64
	Height, Width   int
}

// The squares that Explain covers.
const (
	patch     = 8
	patchStep = 2
)

// Explain computes Grad-CAM at layer and occlusion by squares of 8 pixels for
// one image, with both models: trained, and one of the same layers as New made
// it. Saliencies draws what it gives. Images of 224 pixels take minutes: when
// ctx ends, Explain gives ctx.Err() before the next hundred squares.
func Explain(ctx context.Context, trained, random *cnnlib.Model, pixels []uint8, layer cnnlib.Path, class int) ([]Saliency, error) {
	if trained == nil || random == nil {
		return nil, fmt.Errorf("convviz: Explain needs a trained and an untrained model")
	}
	in := trained.Input()
	if len(in) != 3 {
		return nil, fmt.Errorf("convviz: Explain needs images [height, width, channels], the network takes %v", in)
	}
	cam := Saliency{Method: "Grad-CAM"}
	side := min(patch, in[0], in[1])
	occlusion := Saliency{Method: say("Occlusion"), Height: in[0], Width: in[1]}
	for _, to := range []struct {
		m              *cnnlib.Model
		cam, occlusion *[]float64
	}{{trained, &cam.Trained, &occlusion.Trained}, {random, &cam.Random, &occlusion.Random}} {
		var err error
		if *to.cam, cam.Height, cam.Width, err = to.m.GradCAM(pixels, layer, class); err != nil {
			return nil, err
		}
		if *to.occlusion, err = to.m.Occlusion(ctx, pixels, class, side, min(patchStep, side)); err != nil {
			return nil, err
		}
	}
	return []Saliency{cam, occlusion}, nil
}

// Saliencies draws each method's map over the image, orange for and blue
// against the class, the trained network's beside the untrained one's. Each
// map is scaled by its own largest number, which is printed; so is the rank
// correlation of the two maps: 1 if they order the places alike, about 0 if
// they have nothing in common, none if a map has one number everywhere.
func Saliencies(img image.Image, class string, list ...Saliency) (*Picture, error) {
	if img == nil || img.Bounds().Empty() || max(img.Bounds().Dx(), img.Bounds().Dy()) > 2048 {
		return nil, fmt.Errorf("convviz: the image must be from 1 to 2048 pixels wide and high")
	}
	if len(list) == 0 || len(list) > 8 {
		return nil, fmt.Errorf("convviz: %d methods, from 1 to 8 can be drawn", len(list))
	}
	title := sayf("What speaks for %s", say(class))
	g := draw.Gallery{Title: title, Cell: 150, Cols: []string{say("image"), say("trained"), say("random weights")}, Alt: title + full()}
	for _, s := range list {
		if s.Height < 1 || s.Width < 1 || s.Height > 2048 || s.Width > 2048 || len(s.Trained) != s.Height*s.Width || len(s.Random) != len(s.Trained) {
			return nil, fmt.Errorf("convviz: %s: %d and %d numbers are no maps of %d x %d", s.Method, len(s.Trained), len(s.Random), s.Height, s.Width)
		}
		like, err := RankCorrelation(s.Trained, s.Random)
		if err != nil {
			return nil, fmt.Errorf("convviz: %s: %w", s.Method, err)
		}
		words := sayf("rank correlation %.2f", like)
		if math.IsNaN(like) {
			words = say("no rank correlation")
		}
		a, mostA := over(img, s.Trained, s.Height, s.Width)
		b, mostB := over(img, s.Random, s.Height, s.Width)
		g.Rows = append(g.Rows, s.Method)
		g.Images = append(g.Images, []image.Image{img, a, b})
		g.Captions = append(g.Captions, [][]string{nil, {sayf("at most %.3g", mostA)}, {sayf("at most %.3g", mostB), words}})
		g.Alt += Say(" ", "") + sayf("%s: trained at most %.3g, with random weights at most %.3g; %s.", s.Method, mostA, mostB, words)
	}
	return g.Draw()
}

// over paints a map over the image in grey, and gives its largest number.
func over(img image.Image, values []float64, h, w int) (image.Image, float64) {
	most := 0.0
	for _, v := range values {
		most = max(most, math.Abs(v))
	}
	box := img.Bounds()
	out := image.NewNRGBA(image.Rect(0, 0, box.Dx(), box.Dy()))
	for y := range box.Dy() {
		for x := range box.Dx() {
			v := between(values, h, w, (float64(y)+0.5)*float64(h)/float64(box.Dy())-0.5, (float64(x)+0.5)*float64(w)/float64(box.Dx())-0.5)
			if most > 0 {
				v /= most
			}
			grey := float64(color.GrayModel.Convert(img.At(box.Min.X+x, box.Min.Y+y)).(color.Gray).Y)
			r, g, b, _ := draw.Signed(math.Copysign(1, v)).RGBA()
			share := 0.8 * math.Abs(v)
			mix := func(c uint32) uint8 { return uint8(math.Round(grey*(1-share) + share*float64(c>>8))) }
			out.SetNRGBA(x, y, color.NRGBA{mix(r), mix(g), mix(b), 255})
		}
	}
	return out, most
}

// between is the bilinear value at row y and column x; outside, the nearest.
func between(values []float64, h, w int, y, x float64) float64 {
	y, x = min(max(y, 0), float64(h-1)), min(max(x, 0), float64(w-1))
	i, j := min(int(y), max(h-2, 0)), min(int(x), max(w-2, 0))
	fy, fx := y-float64(i), x-float64(j)
	at := func(i, j int) float64 { return values[min(i, h-1)*w+min(j, w-1)] }
	return (1-fy)*((1-fx)*at(i, j)+fx*at(i, j+1)) + fy*((1-fx)*at(i+1, j)+fx*at(i+1, j+1))
}

// RankCorrelation is Spearman's: the correlation of the ranks of a and b,
// equal numbers sharing their mean rank. It is NaN when one of them is flat.
func RankCorrelation(a, b []float64) (float64, error) {
	if len(a) != len(b) || len(a) == 0 {
		return 0, fmt.Errorf("convviz: rank correlation of %d and %d numbers", len(a), len(b))
	}
	for _, values := range [][]float64{a, b} {
		for i, v := range values {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return 0, fmt.Errorf("convviz: number %d is %g", i, v)
			}
		}
	}
	ra, rb := ranks(a), ranks(b)
	mean := float64(len(a)-1) / 2
	var ab, aa, bb float64
	for i := range ra {
		x, y := ra[i]-mean, rb[i]-mean
		ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
	}
	return ab / math.Sqrt(aa*bb), nil
}

func ranks(values []float64) []float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		switch {
		case values[i] < values[j]:
			return -1
		case values[i] > values[j]:
			return 1
		}
		return 0
	})
	out := make([]float64, len(values))
	for first := 0; first < len(order); {
		last := first
		for last+1 < len(order) && values[order[last+1]] == values[order[first]] {
			last++
		}
		for _, i := range order[first : last+1] {
			out[i] = float64(first+last) / 2
		}
		first = last + 1
	}
	return out
}
