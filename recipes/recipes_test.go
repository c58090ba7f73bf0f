package recipes

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
)

// smooth gives n images whose pixels depend on their neighbours, as those of a
// photo do; the label is whether they are rather red.
func smooth(n int) *cifar.Images {
	rng := rand.New(rand.NewPCG(3, 4))
	s := &cifar.Images{}
	for range n {
		label := rng.IntN(2)
		var base [3]float64
		for c := range base {
			base[c] = 60 + 100*rng.Float64()
		}
		base[0] += 80 * float64(label)
		fx, fy := rng.Float64(), rng.Float64()
		for y := range cifar.Size {
			for x := range cifar.Size {
				wave := 20 * math.Sin(fx*float64(x)+fy*float64(y))
				for c := range base {
					s.Pixels = append(s.Pixels, uint8(min(255, max(0, base[c]+wave+8*rng.NormFloat64()))))
				}
			}
		}
		s.Labels = append(s.Labels, uint8(label))
	}
	return s
}

func TestRecipesAreWhole(t *testing.T) {
	for _, name := range Names() {
		r, err := Named(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Net.Check(r.InputShape()); err != nil || r.Epochs == 0 || r.BatchSize == 0 || !(r.Rate > 0) || r.Optimizer == nil {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
	if _, err := Named("slow"); err == nil || !strings.Contains(err.Error(), "augmented") {
		t.Errorf("an unknown recipe: %v", err)
	}
	if r := Plain(); r.Epochs != 80 || r.BatchSize != 256 || r.Rate != 1e-3 || len(r.Net) != len(nets.LessonNet()) {
		t.Errorf("plain is not the lesson's: %+v", r)
	}
}

// TestWhitening: what the first layer gives of the windows it was made from
// has variance 1 and no correlation, but for what is added to small variances.
func TestWhitening(t *testing.T) {
	images := smooth(40)
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		r := Fast()
		m, err := r.Model(b, images, 1)
		if err != nil {
			t.Fatal(err)
		}
		first, err := cnnlib.New(b, cnnlib.Sequential{r.Net[0], cnnlib.Flatten{}}, nets.CIFARInput(), cnnlib.Options{Mean: cifar.Mean[:], Std: cifar.Std[:]})
		if err != nil {
			t.Fatal(err)
		}
		w := m.Store().GetVariable("/net/0/weight")
		if w.Trainable || m.Store().GetVariable("/net/4/weight").Trainable || !m.Store().GetVariable("/net/2/weight").Trainable {
			t.Error("other weights than the first layer's and BatchNorm's factors are fixed")
		}
		if err := first.Store().GetVariable("/net/0/weight").SetValue(w.MustValue()); err != nil {
			t.Fatal(err)
		}
		rows, err := first.Predict(images.Pixels, images.Len())
		if err != nil {
			t.Fatal(err)
		}
		const side, half = cifar.Size - 1, 12
		var product [half][half]float64
		for _, row := range rows { // [channel, y, x]
			for p := range side * side {
				for i := range half {
					if a, b := row[i*side*side+p], row[(half+i)*side*side+p]; math.Abs(float64(a+b)) > 1e-4 {
						t.Fatalf("filter %d gives %g and its opposite %g", i, a, b)
					}
					for j := range half {
						product[i][j] += float64(row[i*side*side+p]) * float64(row[j*side*side+p]) / float64(len(rows)*side*side)
					}
				}
			}
		}
		for i := range half {
			for j := range half {
				want := 0.0
				if i == j {
					want = 1
				}
				if math.Abs(product[i][j]-want) > 0.12 || i != j && math.Abs(product[i][j]) > 1e-3 {
					t.Errorf("filters %d and %d: %.4f, want %.0f", i, j, product[i][j], want)
				}
			}
		}
	})
}

func TestIdentity(t *testing.T) {

	values := make([]float32, 3*3*2*4)
	for i := range values {
		values[i] = 9
	}
	kernel := tensors.FromFlatDataAndDimensions(values, 3, 3, 2, 4)
	if err := identity(kernel); err != nil {
		t.Fatal(err)
	}
	for i, v := range tensors.MustCopyFlatData[float32](kernel) {
		tap, in, out := i/8, i/4%2, i%4
		want := float32(0)
		switch {
		case out >= 2:
			want = 9 // as it was
		case tap == 4 && in == out:
			want = 1
		}
		if v != want {
			t.Errorf("tap %d, input %d, output %d: %g, want %g", tap, in, out, v, want)
		}
	}
}
