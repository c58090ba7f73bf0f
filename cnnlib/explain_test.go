package cnnlib

import (
	"math"
	"testing"

	"convlab/internal/geometry"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
)

// small is a network that this file computes by plain loops too: 3x3
// convolution, leaky ReLU (which has no two zeros between which max pooling
// would have to choose), 2x2 max pooling, two dense layers.
type small struct {
	m              *Model
	in, maps       []int // [height, width, channels]
	conv, bias     []float32
	w1, b1, w2, b2 []float32
}

func newSmall(t *testing.T, b compute.Backend, seed uint64) *small {
	t.Helper()
	net := Sequential{Conv{Out: 4, Kernel: 3}, LeakyReLU{}, MaxPool{Size: 2}, Flatten{}, Dense{Out: 5}, ReLU{}, Dense{Out: 3}}
	m, err := New(b, net, []int{10, 8, 2}, Options{Seed: seed, Mean: []float32{0.5, 0.4}, Std: []float32{0.25, 0.3}})
	if err != nil {
		t.Fatal(err)
	}
	s := &small{m: m, in: m.Input(), maps: []int{8, 6, 4}}
	for _, w := range []struct {
		layer Path
		name  string
		to    *[]float32
	}{{"0", "weight", &s.conv}, {"0", "bias", &s.bias}, {"4", "weight", &s.w1}, {"4", "bias", &s.b1}, {"6", "weight", &s.w2}, {"6", "bias", &s.b2}} {
		values, _, err := m.Weight(w.layer, w.name)
		if err != nil {
			t.Fatal(err)
		}
		*w.to = values
	}
	return s
}

// activated are the maps of layer 1.
func (s *small) activated(pixels []uint8) []float64 {
	h, w, c := s.maps[0], s.maps[1], s.maps[2]
	a := make([]float64, h*w*c)
	for y := range h {
		for x := range w {
			for o := range c {
				sum := float64(s.bias[o])
				for dy := range 3 {
					for dx := range 3 {
						for i := range 2 {
							v := (float64(pixels[((y+dy)*s.in[1]+x+dx)*2+i])/255 - float64(s.m.mean[i])) / float64(s.m.std[i])
							sum += v * float64(s.conv[((dy*3+dx)*2+i)*c+o])
						}
					}
				}
				a[(y*w+x)*c+o] = max(sum, 0.01*sum)
			}
		}
	}
	return a
}

// logits go on from the maps of layer 1.
func (s *small) logits(a []float64) []float64 {
	h, w, c := s.maps[0], s.maps[1], s.maps[2]
	var pooled []float64
	for o := range c { // Flatten has PyTorch's order, channel by channel
		for y := 0; y < h; y += 2 {
			for x := 0; x < w; x += 2 {
				at := func(y, x int) float64 { return a[(y*w+x)*c+o] }
				pooled = append(pooled, max(at(y, x), at(y, x+1), at(y+1, x), at(y+1, x+1)))
			}
		}
	}
	dense := func(x []float64, weight, bias []float32) []float64 {
		out := make([]float64, len(bias))
		for o := range out {
			out[o] = float64(bias[o])
			for i, v := range x {
				out[o] += v * float64(weight[i*len(out)+o])
			}
		}
		return out
	}
	hidden := dense(pooled, s.w1, s.b1)
	for i := range hidden {
		hidden[i] = max(hidden[i], 0)
	}
	return dense(hidden, s.w2, s.b2)
}

func (s *small) probability(pixels []uint8, class int) float64 {
	sum, logits := 0.0, s.logits(s.activated(pixels))
	for _, v := range logits {
		sum += math.Exp(v - logits[class])
	}
	return 1 / sum
}

func alike(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	most := 0.0
	for _, v := range want {
		most = max(most, math.Abs(v))
	}
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-4*max(most, 1e-3) {
			t.Fatalf("%s: number %d is %g, want %g", what, i, got[i], want[i])
		}
	}
}

// TestGradCAM compares with differences of the plain loops: each map's weight
// is the mean change of the logit when one of its numbers changes.
func TestGradCAM(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		seen := 0.0
		for seed := range uint64(3) {
			s := newSmall(t, b, seed)
			pixels := noise(geometry.Volume(s.in))
			a := s.activated(pixels)
			maps, shape, err := s.m.Output(pixels, 1, "1")
			if err != nil {
				t.Fatal(err)
			}
			if shape[0] != 8 || shape[1] != 6 || shape[2] != 4 {
				t.Fatalf("layer 1 has shape %v", shape)
			}
			got := make([]float64, len(maps[0]))
			for i, v := range maps[0] {
				got[i] = float64(v)
			}
			alike(t, "maps", got, a)
			for class := range 3 {
				const step = 1e-6
				places := s.maps[0] * s.maps[1]
				want := make([]float64, places)
				for c := range s.maps[2] {
					weight := 0.0
					for p := range places {
						i := p*s.maps[2] + c
						v := a[i]
						a[i] = v + step
						up := s.logits(a)[class]
						a[i] = v - step
						weight += (up - s.logits(a)[class]) / (2 * step) / float64(places)
						a[i] = v
					}
					for p := range places {
						want[p] += weight * a[p*s.maps[2]+c]
					}
				}
				for p := range want {
					want[p] = max(want[p], 0)
					seen += want[p]
				}
				cam, h, w, err := s.m.GradCAM(pixels, "1", class)
				if err != nil || h != 8 || w != 6 {
					t.Fatalf("%d x %d, %v", h, w, err)
				}
				alike(t, "Grad-CAM", cam, want)
			}
		}
		if seen == 0 {
			t.Error("every map was 0: nothing was compared")
		}
	})
}

func TestOcclusion(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		s := newSmall(t, b, 5)
		pixels := noise(geometry.Volume(s.in))
		for _, c := range [][2]int{{3, 2}, {4, 4}, {1, 1}, {8, 3}} {
			size, stride := c[0], c[1]
			want, covers := make([]float64, 80), make([]float64, 80)
			for top := 0; ; top += stride {
				top = min(top, 10-size)
				for left := 0; ; left += stride {
					left = min(left, 8-size)
					changed := append([]uint8{}, pixels...)
					for p := range 80 {
						if y, x := p/8, p%8; y >= top && y < top+size && x >= left && x < left+size {
							changed[2*p], changed[2*p+1] = 128, 102 // 0.5 and 0.4 of 255
							covers[p]++
						}
					}
					drop := s.probability(pixels, 1) - s.probability(changed, 1)
					for p := range 80 {
						if y, x := p/8, p%8; y >= top && y < top+size && x >= left && x < left+size {
							want[p] += drop
						}
					}
					if left == 8-size {
						break
					}
				}
				if top == 10-size {
					break
				}
			}
			for p := range want {
				want[p] /= covers[p]
			}
			got, err := s.m.Occlusion(t.Context(), pixels, 1, size, stride)
			if err != nil {
				t.Fatal(err)
			}
			alike(t, "occlusion", got, want)
		}
	})
}

func TestExplainRefuses(t *testing.T) {
	s := newSmall(t, labtest.Go(t), 1)
	good := noise(160)
	for want, call := range map[string]func() error{
		"160 bytes, got 3":    func() error { _, _, err := s.m.Output(good[:3], 1, "0"); return err },
		"no layer \"7\"":      func() error { _, _, err := s.m.Output(good, 1, "7"); return err },
		"Grad-CAM needs":      func() error { _, _, _, err := s.m.GradCAM(good, "4", 0); return err },
		"classes are 0 to 2":  func() error { _, _, _, err := s.m.GradCAM(good, "1", 3); return err },
		"got -1":              func() error { _, err := s.m.Occlusion(t.Context(), good, -1, 2, 2); return err },
		"size from 1 to 8":    func() error { _, err := s.m.Occlusion(t.Context(), good, 0, 9, 1); return err },
		"squares of 2 pixels": func() error { _, err := s.m.Occlusion(t.Context(), good, 0, 2, 3); return err },
		"squares of 1 pixels": func() error { _, err := s.m.Occlusion(t.Context(), good, 0, 1, 0); return err },
		"bytes, got 0":        func() error { _, err := s.m.Occlusion(t.Context(), nil, 0, 1, 1); return err },
	} {
		wantError(t, call(), want)
	}
}
