package lesson

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"convlab/cnnlib"
	"convlab/convviz"
	"convlab/internal/geometry"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

const (
	compareRounds = 9                      // times each way is run, by turns
	compareBudget = 250 * time.Millisecond // after which a slow way is run no more
)

// measured counts parameters, multiply-accumulates and receptive fields of
// networks, and times a training pass of each without the optimiser: forward
// and back, with the gradients of weights and input, for a batch of random
// numbers. They run by turns, so that whatever else the machine is doing slows all
// of them alike; the time is the median of the runs. Compilation is not counted.
func measured(backend compute.Backend, name string, in []int, batch int, ways []Way) (*convviz.ZooRows, error) {
	if len(ways) == 0 || batch < 1 {
		return nil, wrong("%d networks with a batch of %d cannot be compared", "无法比较 %d 个网络，批次大小 %d", len(ways), batch)
	}
	out := &convviz.ZooRows{Batch: batch, Backend: name}
	passes := make([]*pass, len(ways))
	for i, w := range ways {
		if w.In == nil {
			w.In = in
		}
		row, err := countsOf(w)
		if err != nil {
			return nil, err
		}
		out.Rows = append(out.Rows, row)
		if passes[i], err = newPass(backend, w.Layers, w.In, batch); err != nil {
			return nil, fmt.Errorf("%s: %w", w.Name, err)
		}
		defer passes[i].exec.Finalize()
	}
	for round := range compareRounds {
		for i, p := range passes {
			if err := p.run(round); err != nil {
				return nil, fmt.Errorf("%s: %w", ways[i].Name, err)
			}
		}
	}
	for i := range out.Rows {
		r := &out.Rows[i]
		r.Ms, r.MsLow, r.MsHigh = passes[i].spread()
		r.MACRatio, r.MsRatio = float64(r.MACs)/float64(out.Rows[0].MACs), r.Ms/out.Rows[0].Ms
	}
	return out, nil
}

// countsOf is what a way costs in theory.
func countsOf(w Way) (convviz.ZooRow, error) {
	sum, err := w.Layers.Summary(w.In)
	if err != nil {
		return convviz.ZooRow{}, fmt.Errorf("%s: %w", w.Name, err)
	}
	if sum.MACs == 0 {
		return convviz.ZooRow{}, wrong("%s multiplies nothing: there is nothing to compare", "%s 不做乘法：没有可比较的", w.Name)
	}
	row := convviz.ZooRow{Name: convviz.Label(w.Name), Params: sum.Params, MACs: sum.MACs, Activations: sum.ActivationBytes / 4}
	for _, f := range sum.Rows[len(sum.Rows)-1].Fields {
		row.Field = append(row.Field, f.Size)
	}
	return row, nil
}

// pass is a compiled training pass with its input.
type pass struct {
	exec *model.Exec
	x    *tensors.Tensor
	took []time.Duration
	used time.Duration
}

// spread is the median of the runs in milliseconds, and the times between
// which the middle half of them lies.
func (p *pass) spread() (median, low, high float64) {
	slices.Sort(p.took)
	at := func(share float64) float64 {
		return p.took[int(share*float64(len(p.took)-1)+0.5)].Seconds() * 1000
	}
	return at(0.5), at(0.25), at(0.75)
}

func newPass(backend compute.Backend, net cnnlib.Sequential, in []int, batch int) (*pass, error) {
	m, err := cnnlib.New(backend, net, in, cnnlib.Options{Seed: 1})
	if err != nil {
		return nil, err
	}
	values, rng := make([]float32, batch*geometry.Volume(in)), rand.New(rand.NewPCG(1, 1))
	for i := range values {
		values[i] = rng.Float32() - 0.5
	}
	p := &pass{x: tensors.FromFlatDataAndDimensions(values, append([]int{batch}, in...)...)}
	p.exec, err = model.NewExec(backend, m.Store(), func(_ *model.Scope, x *graph.Node) []*graph.Node {
		y := m.Net().Build(m.Store().Scope("/net"), x)
		loss := graph.ReduceAllSum(graph.Square(y)) // its gradient is no constant that could be computed once
		of := []*graph.Node{x}
		for v := range m.Store().IterVariables() {
			if v.Trainable && v.InUseByGraph(x.Graph()) {
				of = append(of, v.NodeValue(x.Graph()))
			}
		}
		return append([]*graph.Node{loss}, graph.Gradient(loss, of...)...)
	})
	return p, err
}

// run times one pass; round 0 compiles.
func (p *pass) run(round int) error {
	if round > 3 && p.used > compareBudget {
		return nil
	}
	start := time.Now()
	results, err := p.exec.Call(p.x)
	if err != nil {
		return err
	}
	if _, err := tensors.CopyFlatData[float32](results[0]); err != nil { // waits for the device
		return err
	}
	took := time.Since(start)
	for _, r := range results {
		if err := r.FinalizeAll(); err != nil {
			return err
		}
	}
	if round > 0 {
		p.took, p.used = append(p.took, took), p.used+took
	}
	return nil
}
