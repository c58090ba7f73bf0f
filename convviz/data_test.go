package convviz

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"convlab/cnnlib/train"
)

func TestHistogramAndCurveNumbers(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(213, 214))
	for range drawings {
		n := 1 + rng.IntN(50)
		pixels := make([]uint8, n)
		sum := 0.0
		for i := range pixels {
			pixels[i] = uint8(rng.IntN(256))
			sum += float64(pixels[i]) / 255
		}
		mean, squares := sum/float64(n), 0.0
		for _, v := range pixels {
			squares += (float64(v)/255 - mean) * (float64(v)/255 - mean)
		}
		p, err := ChannelHistograms(pixels, 1)
		wantTexts(t, pixels, printed(t, p, err), fmt.Sprintf("grey: mean %.3f, std %.3f", mean, math.Sqrt(squares/float64(n))))

		h, best := train.History{}, 0
		for i := range 1 + rng.IntN(6) {
			h = append(h, train.Epoch{Epoch: i + 1, Loss: 3 * rng.Float64(), Accuracy: rng.Float64(), Validated: true, ValidLoss: rng.Float64(), ValidAccuracy: rng.Float64()})
			if h[i].ValidAccuracy > h[best].ValidAccuracy {
				best = i
			}
		}
		p, err = Curves(h)
		wantTexts(t, h, printed(t, p, err), fmt.Sprintf("best: epoch %d, %.1f %%", best+1, 100*h[best].ValidAccuracy))
		if want := fmt.Sprintf(" Loss from %.4f to %.4f.", h[0].Loss, h[len(h)-1].Loss); !strings.Contains(p.Alt, want) {
			t.Fatalf("%q, want %q", p.Alt, want)
		}
	}
}
