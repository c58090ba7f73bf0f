package augment

import (
	"math"
	"math/big"
	"slices"
	"testing"
)

// TestTorchDraws: the numbers of torch.manual_seed, exactly; normal ones
// within what 32-bit sine and logarithm differ by.
func TestTorchDraws(t *testing.T) {
	near := func(got, want []float32) bool {
		for i := range want {
			if math.Abs(float64(got[i]-want[i])) > 1e-5 {
				return false
			}
		}
		return true
	}
	for _, g := range readGolden(t).Draws {
		r := NewTorchRand(g.Seed)
		if f := r.Float(); f != g.Rand {
			t.Errorf("seed %d: rand %g, want %g", g.Seed, f, g.Rand)
		}
		if f := r.Uniform(-45, 45); f != g.Uniform {
			t.Errorf("seed %d: uniform %g, want %g", g.Seed, f, g.Uniform)
		}
		for i, n := range []int{1, 2, 1000, 1 << 20} {
			if v := r.Intn(n); v != g.Randint[i] {
				t.Errorf("seed %d: randint(%d) %d, want %d", g.Seed, n, v, g.Randint[i])
			}
		}
		p := make([]int, 9)
		if r.Perm(p); !slices.Equal(p, g.Randperm) {
			t.Errorf("seed %d: randperm %v, want %v", g.Seed, p, g.Randperm)
		}
		normal, few := make([]float32, 37), make([]float32, 5)
		r.Normal(normal)
		r.Normal(few)
		if !near(normal, g.Normal) || !near(few, g.Few) {
			t.Errorf("seed %d: normal\n%v, want\n%v,\n%v, want\n%v", g.Seed, normal, g.Normal, few, g.Few)
		}
		var last float32
		for range 700 {
			last = r.Float()
		}
		if last != g.After {
			t.Errorf("seed %d: rand afterwards %g, want %g: another number of draws", g.Seed, last, g.After)
		}
	}
}

// TestFma32 compares with exact arithmetic.
func TestFma32(t *testing.T) {
	r := NewRand(3, 0, 0)
	for range 20000 {
		x, y, z := r.Float(), r.Uniform(-100, 100), r.Uniform(-1, 1)*float32(math.Ldexp(1, int(r.Uint32()%60)-40))
		exact := new(big.Float).SetPrec(300).Mul(big.NewFloat(float64(x)), big.NewFloat(float64(y)))
		exact = new(big.Float).SetPrec(300).Add(exact, big.NewFloat(float64(z)))
		if want, _ := exact.Float32(); fma32(x, y, z) != want {
			t.Fatalf("%g·%g+%g is %g, want %g", x, y, z, fma32(x, y, z), want)
		}
	}
}

// TestRandKeyed: seed, epoch and index each change the numbers, and nothing
// else does.
func TestRandKeyed(t *testing.T) {
	seen := map[uint32]bool{}
	for seed := range uint64(20) {
		for epoch := range 20 {
			for index := range 20 {
				r := NewRand(seed, epoch, index)
				v := r.Uint32()
				seen[v] = true
				if r.Reset(seed, epoch, index); r.Uint32() != v {
					t.Fatal("Reset gives other numbers than NewRand")
				}
			}
		}
	}
	if len(seen) < 7990 { // 8000 of 2³² hardly ever meet
		t.Errorf("8000 keys give only %d different numbers", len(seen))
	}
}
