package augment

import "math"

// double is the sum of two floats, of which low is at most half a unit in the
// last place of high: some 106 bits (Dekker, "A floating-point technique for
// extending the available precision", 1971).
type double struct{ high, low float64 }

func sumOf(a, b float64) double {
	s := a + b
	t := s - a
	return double{s, (a - (s - t)) + (b - t)}
}

func productOf(a, b float64) double {
	p := a * b
	return double{p, math.FMA(a, b, -p)}
}

func (a double) plus(b double) double {
	s, t := sumOf(a.high, b.high), sumOf(a.low, b.low)
	s = sumOf(s.high, s.low+t.high)
	return sumOf(s.high, s.low+t.low)
}

func (a double) times(b double) double {
	p := productOf(a.high, b.high)
	return sumOf(p.high, p.low+(float64(a.high*b.low)+float64(a.low*b.high)))
}

func (a double) over(n float64) double {
	q := a.high / n
	return sumOf(q, (math.FMA(-q, n, a.high)+a.low)/n)
}

func (a double) negative() double { return double{-a.high, -a.low} }

// sincos is the sine and the cosine of x from 0 to 2π to the last bit as the
// GNU C library has them, which Python calls; those of package math are off by
// one now and then, which can change the last digit of round15.
//
// Neither is always the nearest float: the library adds the difference to the
// nearest 128th, as a short polynomial in single floats, to the sine or cosine
// of that 128th, known to 106 bits (Gal and Bachelis, "An accurate elementary
// mathematical library for the IEEE floating point standard", 1991), and fuses
// products with sums where the processor can. So does this, on every processor,
// with the sines of the 128ths worked out instead of looked up.
func sincos(x float64) (sin, cos float64) {
	quarters := math.Round(x / (math.Pi / 2))
	switch { // where the library leaves the first quarters
	case x < 0.855469:
		quarters = 0
	case x < 2.426265:
		quarters = 1
	}
	rest := double{x, 0}
	for _, part := range [...]float64{0x1.921fb54442d18p0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110} { // π/2
		rest = rest.plus(productOf(-quarters, part))
	}
	s, c := nearSincos(rest)
	switch int(quarters) % 4 {
	case 1:
		s, c = c, -s
	case 2:
		s, c = -s, -c
	case 3:
		s, c = -c, s
	}
	return s, c
}

// nearSincos is sincos of x from −0.9 to 0.9.
func nearSincos(x double) (sin, cos float64) {
	sign := math.Copysign(1, x.high)
	high, low := sign*x.high, sign*x.low
	step := math.RoundToEven(high*128) / 128
	s, c := series(double{step, 0})

	d := high - step + low
	dd := float64(d * d)
	up := math.FMA(d*dd, math.FMA(dd, sin5, sin3), d)
	down := dd * math.FMA(dd, math.FMA(dd, cos6, cos4), cos2)
	cos = c.high + math.FMA(-s.high, up, math.FMA(-c.high, down, math.FMA(-up, s.low, c.low)))

	if high < 0.126 { // here it has a longer series
		s, _ = series(x)
		return s.high, cos
	}
	d = high - step
	dd = float64(d * d)
	up = d + math.FMA(d*dd, math.FMA(dd, sin5, sin3), low)
	down = math.FMA(dd, math.FMA(dd, math.FMA(dd, cos6, cos4), cos2), float64(d*low))
	sin = s.high + math.FMA(c.high, up, math.FMA(-s.high, down, math.FMA(up, c.low, s.low)))
	return math.Copysign(sin, x.high), cos
}

// The polynomials' coefficients, nearly those of Taylor.
const (
	sin3 = -1.66666666666664880952546298448555e-01
	sin5 = 8.33333214285722277379541354343671e-03
	cos2 = 4.99999999999999999999950396842453e-01
	cos4 = -4.16666666666664434524222570944589e-02
	cos6 = 1.38888874007937613028114285595617e-03
)

// series is the sine and cosine of x from −1 to 1 to some 100 bits.
func series(x double) (sin, cos double) {
	cos, term := double{1, 0}, double{1, 0}
	for n := 1; n < 28; n++ {
		term = term.times(x).over(float64(n))
		switch n % 4 {
		case 1:
			sin = sin.plus(term)
		case 2:
			cos = cos.plus(term.negative())
		case 3:
			sin = sin.plus(term.negative())
		case 0:
			cos = cos.plus(term)
		}
	}
	return sin, cos
}
