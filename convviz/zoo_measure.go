package convviz

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"convlab/cnnlib"
	"convlab/internal/geometry"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Measure counts parameters, multiply-accumulates and receptive fields, and
// times a training pass of each variant without the optimiser: forward and
// back, with the gradients of weights and input, for a batch of random numbers.
// Variants run by turns, so that what else the machine does strikes all of
// them; the time is the median of the runs. Compilation is not counted.
func (z Zoo) Measure() (*ZooRows, error) { return z.MeasureContext(context.Background()) }

// MeasureContext is Measure for many or large variants: when ctx ends, it gives
// ctx.Err() before the next variant or run.
func (z Zoo) MeasureContext(ctx context.Context) (*ZooRows, error) {
	if len(z.Variants) == 0 || z.Batch < 0 {
		return nil, fmt.Errorf("convviz: %d variants with a batch of %d cannot be compared", len(z.Variants), z.Batch)
	}
	out := &ZooRows{Batch: z.Batch}
	if out.Batch == 0 {
		out.Batch = 8
	}
	backend := z.Backend
	if backend == nil {
		choice, err := cnnlib.OpenBackend()
		if err != nil {
			return nil, fmt.Errorf("convviz: %w", err)
		}
		backend, out.Backend = choice.Backend, choice.Name
	} else {
		out.Backend = backend.Name()
	}
	passes := make([]*pass, len(z.Variants))
	for i, v := range z.Variants {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		in := v.In
		if in == nil {
			in = z.In
		}
		row, err := counted(v, in)
		if err != nil {
			return nil, err
		}
		out.Rows = append(out.Rows, row)
		if passes[i], err = newPass(backend, v.Net, in, out.Batch); err != nil {
			return nil, fmt.Errorf("convviz: %s: %w", v.Name, err)
		}
		defer passes[i].exec.Finalize()
	}
	for round := range zooRounds {
		for i, p := range passes {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if err := p.run(round); err != nil {
				return nil, fmt.Errorf("convviz: %s: %w", z.Variants[i].Name, err)
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

// counted is what a variant costs in theory.
func counted(v Variant, in []int) (ZooRow, error) {
	sum, err := v.Net.Summary(in)
	if err != nil {
		return ZooRow{}, fmt.Errorf("convviz: %s: %w", v.Name, err)
	}
	if sum.MACs == 0 {
		return ZooRow{}, fmt.Errorf("convviz: %s multiplies nothing: there is nothing to compare", v.Name)
	}
	row := ZooRow{Name: say(v.Name), Params: sum.Params, MACs: sum.MACs, Activations: sum.ActivationBytes / 4}
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
		y := m.Net().Build(m.Store().Scope(m.Root().Scope()), x)
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
	if round > 3 && p.used > zooBudget {
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
