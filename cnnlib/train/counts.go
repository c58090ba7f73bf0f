package train

import "math"

// counts are what labels and logits came to so far.
type counts struct {
	weights      []float64 // of the classes; nil: all 1
	loss, weight float64   // sums of the cross entropy and of the labels' weights
	confusion    [][]int
}

// add takes the logits of the classes at one place, or of label 1 alone.
func (c *counts) add(logits []float32, label int) {
	if c.confusion == nil {
		c.confusion = make([][]int, max(2, len(logits)))
		for i := range c.confusion {
			c.confusion[i] = make([]int, len(c.confusion))
		}
	}
	best := 0
	if len(logits) == 1 {
		if logits[0] > 0 {
			best = 1
		}
	} else {
		for i, v := range logits {
			if v > logits[best] {
				best = i
			}
		}
		sum := 0.0 // log-sum-exp, shifted by the largest
		for _, v := range logits {
			sum += math.Exp(float64(v - logits[best]))
		}
		weight := 1.0
		if c.weights != nil {
			weight = c.weights[label]
		}
		c.loss += weight * (math.Log(sum) + float64(logits[best]-logits[label]))
		c.weight += weight
	}
	c.confusion[label][best]++
}

// result writes what came of it; single says that an image has one label.
func (c *counts) result(r *Result, loss, single bool) {
	right, all := 0, 0
	sums := make([]float64, 2*len(c.confusion)) // as MeanIoU.Sums
	for i, row := range c.confusion {
		right += row[i]
		sums[i] = float64(row[i])
		for j, n := range row {
			all += n
			sums[len(row)+i] += float64(n)
			if i != j {
				sums[len(row)+j] += float64(n)
			}
		}
	}
	n := float64(all)
	r.Confusion, r.Accuracy, r.MeanIoU = c.confusion, float64(right)/n, MeanIoU{}.Value(sums)
	if loss {
		r.Loss = c.loss / c.weight
	}
	if single {
		const z = 1.959964 // two-sided 95 % of the normal distribution
		middle := (r.Accuracy + z*z/(2*n)) / (1 + z*z/n)
		half := z / (1 + z*z/n) * math.Sqrt(r.Accuracy*(1-r.Accuracy)/n+z*z/(4*n*n))
		r.Low, r.High = middle-half, middle+half
	}
}
