package tests

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"convlab/cnnlib"
	"convlab/internal/geometry"
)

var cellName = regexp.MustCompile(`^(d?)(x|y|h\d?|w\d?)\[([-\d,]+)\]$`)

// named is a cell by its name: of map or kernel at, its coordinates.
func (c *liveCheck) named(name string) (kernel bool, at int, where []int, ok bool) {
	m := cellName.FindStringSubmatch(name)
	if m == nil {
		return false, 0, nil, false
	}
	for _, s := range strings.Split(m[3], ",") {
		v, _ := strconv.Atoi(s)
		where = append(where, v)
	}
	digit := func() int {
		if len(m[2]) > 1 {
			return int(m[2][1] - '0')
		}
		return 1
	}
	switch m[2][0] {
	case 'x':
		return false, 0, where, true
	case 'y':
		return false, len(c.read.Layers), where, true
	case 'h':
		return false, digit(), where, true
	}
	return true, digit() - 1, where, true
}

// valueOf is the number that the page shows for a name; the padding is 0.
func (c *liveCheck) valueOf(name string, n liveNumbers) (string, bool) {
	kernel, at, where, ok := c.named(name)
	axes := c.read.Axes
	if !ok {
		return "", false
	}
	dims := c.in
	if !kernel && at > 0 {
		if at > len(c.places) {
			return "", false
		}
		dims = c.places[at-1].Info.Output
	}
	if kernel {
		shape, turned := c.weight(at)
		in, out := shape[axes], shape[axes+1]
		if turned {
			in, out = out, in
		}
		k, o := 0, 0
		if len(where) > axes {
			k, o = where[axes], where[axes+1]
		}
		flat := 0
		for i, s := range shape[:axes] {
			flat = flat*s + where[i]
		}
		if k >= in || o >= out {
			return "", false
		}
		return n.Kernels[at][(o*in+k)*geometry.Volume(shape[:axes])+flat], true
	}
	channel, flat := 0, 0
	if len(where) > axes {
		channel = where[axes]
	}
	for i, s := range dims[:axes] {
		if where[i] < 0 || where[i] >= s {
			return "0", true
		}
		flat = flat*s + where[i]
	}
	return n.Maps[at][channel*geometry.Volume(dims[:axes])+flat], true
}

// pick compares what is said of a chosen cell with the numbers in the grids,
// which have been compared with cnnlib: every product, every running sum, and
// the last of them with the cell itself.
func (c *liveCheck) pick(p livePick, own liveNumbers, back bool) {
	if shown, ok := c.valueOf(p.Chosen, own); !ok || shown != p.Number {
		c.t.Errorf("%s shows %s, the grid %s", p.Chosen, p.Number, shown)
	}
	if !strings.HasPrefix(p.Sum, p.Chosen) {
		c.t.Errorf("%s is chosen, but %q is said", p.Chosen, p.Sum)
	}
	kernel, at, _, _ := c.named(p.Chosen)
	sums := back || !kernel && at > 0
	largest := sums && !back && at > 0 && c.read.Layers[at-1].Kind == "maxpool"
	running, size := 0.0, 0.0
	for i, row := range p.Rows {
		names, numbers := strings.Split(row[0], "·"), strings.Split(row[1], " = ")
		factors := strings.Split(numbers[0], "·")
		for f, name := range names {
			from := c.read.Values
			if strings.HasPrefix(name, "d") {
				from = c.read.Gradients
			}
			shown, ok := c.valueOf(name, from)
			if !ok || number(shown) != number(factors[f]) {
				c.t.Errorf("%s: row %d says %s for %s, the grid shows %s", p.Chosen, i, factors[f], name, shown)
			}
			c.compared++
		}
		if largest {
			if running = max(running, number(factors[0])); i == 0 {
				running = number(factors[0])
			}
			c.close(p.Chosen+": the largest so far", row[2], running, 0)
			continue
		}
		product := number(factors[0]) * number(factors[1])
		c.close(fmt.Sprintf("%s: product %d", p.Chosen, i), numbers[1], product, abs(product)*100+1)
		running += number(numbers[1])
		size += abs(number(numbers[1])) // every product has been rounded to four digits
		if sums {
			c.close(fmt.Sprintf("%s: running sum %d", p.Chosen, i), row[2], running, 60*size+1)
		} else {
			target := strings.Split(row[2], " = ")
			shown, ok := c.valueOf(target[0], own)
			if !ok || number(shown) != number(target[1]) {
				c.t.Errorf("%s: row %d leads to %s, the grid shows %s", p.Chosen, i, row[2], shown)
			}
		}
	}
	if sums && len(p.Rows) > 0 {
		c.close(p.Chosen+": the last running sum", p.Rows[len(p.Rows)-1][2], number(p.Number), 0)
		end := strings.Split(p.Sum, "= ")
		c.close(p.Chosen+": the sum said", end[len(end)-1], number(p.Number), 0)
	}
	c.matrix(p)
	c.lit(p)
	if !kernel && at > 0 {
		c.sees(p)
	}
}

func abs(v float64) float64 { return max(v, -v) }

// matrix compares the matrix of the layer that gives the chosen cell, and which
// of its entries are lit.
func (c *liveCheck) matrix(p livePick) {
	kernel, l, where, _ := c.named(p.Chosen)
	if !kernel {
		l = max(0, l-1)
	}
	if l = min(l, len(c.places)-1); l < 0 {
		return
	}
	place, axes := c.places[l], c.read.Axes
	m, ok := c.net[l].(cnnlib.Matrixer)
	if !ok { // a pooling layer or two layers: what is there has been compared as products
		return
	}
	flat := make([]float64, 0)
	for _, v := range c.kernel(l) {
		flat = append(flat, float64(v))
	}
	want, err := m.Matrix(place.In, flat)
	if err != nil {
		c.t.Error(err)
		return
	}
	dense := want.Dense()
	if len(p.Matrix) > 0 {
		var all []float64
		for _, row := range dense {
			all = append(all, row...)
		}
		c.closeAll("the matrix", p.Matrix, all)
	} else {
		drawn := []byte{}
		for _, row := range dense {
			for _, v := range row {
				drawn = append(drawn, map[bool]byte{true: '1', false: '0'}[v != 0])
			}
		}
		c.compared += len(drawn)
		if p.Drawn != string(drawn) {
			c.t.Errorf("%s: the drawn matrix of %dx%d is not cnnlib's", p.Chosen, want.Rows, want.Cols)
		}
		return
	}
	if kernel {
		return
	}
	_, at, _, _ := c.named(p.Chosen)
	dims := append(slices.Clone(place.In[:axes]), place.In[axes])
	if at == l+1 {
		dims = place.Info.Output
	}
	index := 0
	for i, s := range dims {
		v := 0
		if i < len(where) {
			v = where[i]
		}
		index = index*s + v
	}
	var lit []int
	for i := range p.Matrix {
		if at == l+1 && i/want.Cols == index || at == l && i%want.Cols == index {
			lit = append(lit, i)
		}
	}
	if !slices.Equal(lit, p.Lit) {
		c.t.Errorf("%s: entries %v of the matrix are lit, should be %v", p.Chosen, p.Lit, lit)
	}
}

// lit: the cells that light up with the chosen one hold both sides of each of
// its products.
func (c *liveCheck) lit(p livePick) {
	on := map[string]bool{}
	for _, name := range p.On {
		on[strings.TrimPrefix(name, "d")] = true
	}
	kernel, at, _, _ := c.named(p.Chosen)
	for _, row := range p.Rows {
		for _, name := range strings.Split(row[0], "·") {
			name = strings.TrimPrefix(name, "d")
			isKernel, _, where, ok := c.named(name)
			padding := ok && !isKernel && slices.ContainsFunc(where, func(v int) bool { return v < 0 })
			if shown, _ := c.valueOf(name, c.read.Values); padding || shown == "0" && !on[name] {
				continue // the padding
			}
			if c.compared++; !on[name] && !(isKernel && !kernel && at > 0 && at < len(c.places)) {
				c.t.Errorf("%s is chosen, but %s, which is in one of its products, is not lit: %v", p.Chosen, name, p.On)
				return
			}
		}
	}
}

// sees compares the box of the input that the chosen cell sees.
func (c *liveCheck) sees(p livePick) {
	_, at, where, _ := c.named(p.Chosen)
	from, to, err := c.net.Sees(c.in, cnnlib.Path(fmt.Sprint(at-1)), where[:c.read.Axes]...)
	if err != nil {
		c.t.Error(err)
		return
	}
	said := seesRange.FindAllStringSubmatch(p.Reach, -1)
	if len(said) == 0 {
		empty := false // as between the stamps of a transposed convolution
		for i := range from {
			empty = empty || from[i] > to[i]
		}
		if !empty || !strings.Contains(p.Reach, "sees nothing") {
			c.t.Errorf("%s sees %v to %v, but %q is said", p.Chosen, from, to, p.Reach)
		}
		return
	}
	for i, m := range said {
		c.close(p.Chosen+" sees from", m[1], float64(from[i]), 0)
		c.close(p.Chosen+" sees to", m[2], float64(to[i]), 0)
	}
}
