package train

import (
	"context"
	"math/rand/v2"
	"testing"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/internal/labtest"
)

const benchBatch = 256

// noise is a data set of random images.
type noise struct {
	pixels []uint8
	n      int
}

func newNoise(n int) *noise {
	d := &noise{make([]uint8, n*3072), n}
	random := rand.New(rand.NewPCG(1, 1))
	for i := range d.pixels {
		d.pixels[i] = uint8(random.Uint32())
	}
	return d
}

func (d *noise) Len() int { return d.n }

func (d *noise) Example(i int) ([]uint8, uint8) { return d.pixels[3072*i : 3072*(i+1)], uint8(i % 10) }

// BenchmarkEpoch trains network 3.2 on 10 batches and tells the share of the
// time in which the step waited for its images.
func BenchmarkEpoch(b *testing.B) {
	xla, images := labtest.XLA(b), newNoise(10*benchBatch)
	m, err := cnnlib.New(xla, nets.LessonNet(), nets.CIFARInput(), cnnlib.Options{Seed: 1})
	if err != nil {
		b.Fatal(err)
	}
	var seconds, waited float64
	for b.Loop() {
		h, err := Fit(context.Background(), m, images, Config{})
		if err != nil {
			b.Fatal(err)
		}
		seconds, waited = seconds+h[0].Seconds, waited+h[0].Waited
	}
	b.ReportMetric(float64(images.n*b.N)/seconds, "img/s")
	b.ReportMetric(100*waited/seconds, "%waiting")
}
