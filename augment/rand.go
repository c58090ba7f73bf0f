package augment

import "math"

// Rand gives the random numbers of one image. The draws are those of torch
// (same formulas, same order, same number of 32-bit words); the words come
// from a generator keyed by seed, epoch and index, or from torch's own. A Rand
// is for one goroutine.
type Rand struct {
	state uint64    // of SplitMix64, unless
	torch *mersenne // is set

	spare    float64 // the second of two normal numbers
	hasSpare bool

	seed         uint64 // as Reset got them, for AlternatingFlip
	epoch, index int
}

// NewRand gives the numbers of image index in an epoch. They depend on the
// three arguments and on nothing else.
func NewRand(seed uint64, epoch, index int) *Rand {
	r := new(Rand)
	r.Reset(seed, epoch, index)
	return r
}

// NewTorchRand gives the numbers that torch gives on the CPU after
// torch.manual_seed(seed) (MT19937; checked with torch 2.15.0).
func NewTorchRand(seed uint64) *Rand {
	r := &Rand{torch: new(mersenne)}
	r.torch.seed(uint32(seed))
	return r
}

// Reset makes r what NewRand would return; of a Rand of torch, what
// NewTorchRand(TorchSeed(seed, epoch, index)) would.
func (r *Rand) Reset(seed uint64, epoch, index int) {
	r.hasSpare = false
	r.seed, r.epoch, r.index = seed, epoch, index
	if r.torch != nil {
		r.torch.seed(uint32(TorchSeed(seed, epoch, index)))
		return
	}
	r.state = key(seed, epoch, index)
}

// TorchSeed is the number to give to torch.manual_seed to get the image that
// a Loader with Torch set makes: 32 bits that depend on seed, epoch and index.
func TorchSeed(seed uint64, epoch, index int) uint64 { return key(seed, epoch, index) >> 32 }

func key(seed uint64, epoch, index int) uint64 {
	return mix(mix(mix(seed)+uint64(epoch)) + uint64(index))
}

// mix is the output function of SplitMix64 (Steele, Lea, Flood 2014) after
// one step of its counter.
func mix(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Uint32 is 32 random bits.
func (r *Rand) Uint32() uint32 {
	if r.torch != nil {
		return r.torch.next()
	}
	z := mix(r.state)
	r.state += 0x9e3779b97f4a7c15
	return uint32(z >> 32)
}

// Float is torch.rand(1): from 0 up to, not including, 1, a multiple of 2⁻²⁴.
func (r *Rand) Float() float32 { return float32(r.Uint32()&0xffffff) * (1.0 / (1 << 24)) }

// Uniform is torch.empty(1).uniform_(a, b).
func (r *Rand) Uniform(a, b float64) float32 {
	from, to := float32(a), float32(b)
	return fma32(r.Float(), to-from, from)
}

// fma32 is x·y+z rounded once, as the processor's instruction does that
// torch's kernel compiles to. The product is exact in 64 bits; the sum is
// rounded to odd there, so that rounding it to 32 bits is right.
func fma32(x, y, z float32) float32 {
	p, a := float64(x)*float64(y), float64(z)
	s := p + a
	b := s - p
	if rest := (p - (s - b)) + (a - b); rest != 0 && math.Float64bits(s)&1 == 0 {
		s = math.Nextafter(s, math.Copysign(math.Inf(1), rest))
	}
	return float32(s)
}

// Intn is torch.randint(0, n, (1,)), for n from 1 to 2²⁸.
func (r *Rand) Intn(n int) int { return int(r.Uint32() % uint32(n)) }

// Perm fills p with torch.randperm(len(p)).
func (r *Rand) Perm(p []int) {
	for i := range p {
		p[i] = i
	}
	for i := range len(p) - 1 {
		z := i + r.Intn(len(p)-i)
		p[i], p[z] = p[z], p[i]
	}
}

// double is from 0 up to 1 with 53 bits.
func (r *Rand) double() float64 {
	hi := uint64(r.Uint32())
	return float64((hi<<32|uint64(r.Uint32()))&(1<<53-1)) * (1.0 / (1 << 53))
}

// normal is one number of the normal distribution (Box and Muller 1958).
func (r *Rand) normal() float64 {
	if r.hasSpare {
		r.hasSpare = false
		return r.spare
	}
	u, v := r.double(), r.double()
	radius, angle := math.Sqrt(-2*math.Log1p(-v)), 2*math.Pi*u
	r.spare, r.hasSpare = radius*math.Sin(angle), true
	return radius * math.Cos(angle)
}

// Normal fills dst with torch's normal_(): the same numbers within 1e-5 (torch
// computes sine and logarithm in 32 bits, differently on each processor).
func (r *Rand) Normal(dst []float32) {
	if len(dst) < 16 {
		for i := range dst {
			dst[i] = float32(r.normal())
		}
		return
	}
	for i := range dst {
		dst[i] = r.Float()
	}
	for i := 0; i+15 < len(dst); i += 16 {
		boxMuller(dst[i : i+16])
	}
	if len(dst)%16 != 0 {
		last := dst[len(dst)-16:]
		for i := range last {
			last[i] = r.Float()
		}
		boxMuller(last)
	}
}

// boxMuller turns 16 uniform numbers into 16 normal ones, in pairs (i, i+8).
func boxMuller(d []float32) {
	for i := range 8 {
		radius := math.Sqrt(-2 * math.Log(float64(1-d[i])))
		angle := 2 * math.Pi * float64(d[i+8])
		d[i], d[i+8] = float32(radius*math.Cos(angle)), float32(radius*math.Sin(angle))
	}
}
