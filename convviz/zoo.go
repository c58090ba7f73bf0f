package convviz

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"convlab/cnnlib"
	"convlab/convviz/draw"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Variant is one of the networks that a Zoo compares.
type Variant struct {
	Name string // a label: translated if convviz knows it
	Net  cnnlib.Sequential
	In   []int // of one example; nil: the Zoo's
}

// Zoo compares ways to convolve: what each costs in theory, and what it takes
// in time. The first variant is the one that the others are compared with.
type Zoo struct {
	In       []int // shape of one example: height, width, channels
	Variants []Variant
	Batch    int             // examples at once; 0 means 8
	Backend  compute.Backend // nil: the default one, see cnnlib.OpenBackend
}

// ZooRow is what was counted and measured of a variant.
type ZooRow struct {
	Name              string
	Params            int64
	MACs              int64   // for one example
	Activations       int64   // numbers that the layers give for one example
	Field             []int   // receptive field per spatial axis, in input pixels; nil: everything
	Ms                float64 // median of the runs
	MsLow, MsHigh     float64 // between which the middle half of the runs lies
	MACRatio, MsRatio float64 // against the first variant
}

// ZooRows is a measured Zoo.
type ZooRows struct {
	Rows    []ZooRow
	Batch   int
	Backend string
}

const (
	zooRounds = 9                      // times each variant is run, by turns
	zooBudget = 250 * time.Millisecond // after which a slow variant is run no more
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
	size := batch
	for _, d := range in {
		size *= d
	}
	values, rng := make([]float32, size), rand.New(rand.NewPCG(1, 1))
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

// fieldText writes a receptive field as "7x7".
func (r ZooRow) fieldText() string {
	if r.Field == nil {
		return say("all")
	}
	parts := make([]string, len(r.Field))
	for i, f := range r.Field {
		parts[i] = fmt.Sprint(f)
	}
	return strings.Join(parts, "x")
}

// Table draws the rows: what each variant costs, and the ratios to the first.
func (z *ZooRows) Table() (*Picture, error) {
	if z == nil || len(z.Rows) == 0 {
		return nil, fmt.Errorf("convviz: no variants were measured")
	}
	t := draw.Table{
		Title: say("The variants compared"),
		Head:  []string{say("Variant"), say("Parameters"), say("MACs"), say("Receptive field"), "ms", say("middle half"), say("MACs ratio"), say("Time ratio")},
		Note:  sayf("ms: forward and back, batch of %d, on %s, median of runs by turns, and where their middle half lies. Ratios are to the first row.", z.Batch, z.Backend),
	}
	for _, r := range z.Rows {
		t.Rows = append(t.Rows, []string{r.Name, draw.Number(float64(r.Params), 0), draw.Number(float64(r.MACs), 0), r.fieldText(),
			draw.Number(r.Ms, 2), draw.Number(r.MsLow, 2) + "–" + draw.Number(r.MsHigh, 2), draw.Number(r.MACRatio, 2), draw.Number(r.MsRatio, 2)})
	}
	return t.Draw()
}

// Plot draws for each variant the ratio of time that its multiply-accumulates
// predict against the one that was measured.
func (z *ZooRows) Plot() (*Picture, error) {
	if z == nil || len(z.Rows) == 0 {
		return nil, fmt.Errorf("convviz: no variants were measured")
	}
	r := draw.Ratios{
		Title:  say("Predicted and measured"),
		XLabel: say("predicted: ratio of MACs to the first variant"), YLabel: say("measured: ratio of time to the first variant"),
		Line: say("time as MACs predict"),
	}
	for _, row := range z.Rows {
		r.Names, r.X, r.Y = append(r.Names, row.Name), append(r.X, row.MACRatio), append(r.Y, row.MsRatio)
	}
	slower := slices.DeleteFunc(slices.Clone(z.Rows), func(row ZooRow) bool { return row.MsRatio <= row.MACRatio })
	parts := []string{r.Title + ": " + sayf("%d of %d variants take longer than their MACs predict.", len(slower), len(z.Rows))}
	for _, row := range z.Rows {
		parts = append(parts, fmt.Sprintf("%s %.2f, %.2f.", row.Name, row.MACRatio, row.MsRatio))
	}
	r.Alt = strings.Join(parts, " ")
	return r.Draw()
}
