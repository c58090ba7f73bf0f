package convbench

import (
	"context"
	"fmt"
	"slices"
	"time"

	"convlab/cnnlib"
	"convlab/internal/median"

	"github.com/gomlx/compute"
)

// A Row is the time of one way to compute a layer.
type Row struct {
	What            string      // "forward", "forward + backward", or these with one map computed in another way
	Plan            cnnlib.Plan // what was forced, for a row that is not as the library chooses
	Wall, Processor time.Duration
	Ratio           float64 // median over the rounds of the time over that of the library's choice
	Compile         time.Duration
}

// turn is how long a program runs at least before the next one does.
var turn = 50 * time.Millisecond

// Compare times the variant on inputs of shape dims, forward and forward with
// backward: as the library chooses, then with each other formulation of each
// map, or with plan only if it is not zero. The programs take turns; the
// medians of the rounds are given. Cancelled, it gives the rounds that were
// complete, at least one. notice is told what is going on; it may be nil.
func Compare(ctx context.Context, b compute.Backend, variant string, dims []int, plan cnnlib.Plan, rounds int, notice func(string)) ([]Row, int, error) {
	if notice == nil {
		notice = func(string) {}
	}
	if len(dims) < 3 {
		return nil, 0, fmt.Errorf("want an input of batch, spatial sizes and channels, got %v", dims)
	}
	rows, err := ways(b, variant, dims, plan)
	if err != nil {
		return nil, 0, err
	}
	programs := make([]*Program, len(rows))
	defer func() {
		for _, p := range programs {
			if p != nil {
				p.Close()
			}
		}
	}()
	steps := make([]int, len(rows))
	for i := range rows {
		r := &rows[i]
		if ctx.Err() != nil {
			return nil, 0, ctx.Err()
		}
		notice(fmt.Sprintf("compiling %d of %d: %s %s", i+1, len(rows), r.What, r.Plan))
		l, err := Layer(variant, dims[len(dims)-1], r.Plan)
		if err != nil {
			return nil, 0, err
		}
		if programs[i], err = New(b, l, dims, r.What != forward); err != nil {
			return nil, 0, fmt.Errorf("%s with plan %s: %w", r.What, r.Plan, err)
		}
		r.Compile = programs[i].Compile
		once, _, err := programs[i].Run(1)
		if err != nil {
			return nil, 0, err
		}
		steps[i] = 1 + int(turn/(once+1))
	}
	walls, used := make([][]time.Duration, len(rows)), make([][]time.Duration, len(rows))
	done := 0
	for done < rounds && (done == 0 || ctx.Err() == nil) {
		notice(fmt.Sprintf("round %d of %d", done+1, rounds))
		for i, p := range programs {
			if ctx.Err() != nil && done > 0 {
				break
			}
			wall, processor, err := p.Run(steps[i])
			if err != nil {
				return nil, 0, err
			}
			walls[i], used[i] = append(walls[i], wall), append(used[i], processor)
		}
		done = len(walls[len(walls)-1])
	}
	for i := range rows {
		r := &rows[i]
		r.Wall, r.Processor = median.Of(walls[i][:done]), median.Of(used[i][:done])
		chosen := slices.IndexFunc(rows, func(o Row) bool { return o.What == r.What && o.Plan == cnnlib.Plan{} })
		ratios := make([]float64, done)
		for k := range ratios {
			ratios[k] = float64(walls[i][k]) / float64(walls[chosen][k])
		}
		r.Ratio = median.Of(ratios)
	}
	return rows, done, nil
}

const (
	forward = "forward"
	both    = "forward + backward"
)

// ways lists what is timed.
func ways(b compute.Backend, variant string, dims []int, plan cnnlib.Plan) ([]Row, error) {
	l, err := Layer(variant, dims[len(dims)-1], plan)
	if err != nil {
		return nil, err
	}
	if _, err := (cnnlib.Sequential{l}).Check(dims[1:]); err != nil {
		return nil, err
	}
	rows := []Row{{What: forward}}
	if plan != (cnnlib.Plan{}) {
		return append(rows, Row{What: forward, Plan: plan}, Row{What: both}, Row{What: both, Plan: plan}), nil
	}
	forwards, inputs, kernels, err := cnnlib.Formulations(b, l, dims[1:])
	if err != nil { // a layer of several convolutions
		return append(rows, Row{What: both}), nil
	}
	for _, f := range forwards {
		rows = append(rows, Row{What: forward, Plan: cnnlib.Plan{Forward: f}})
	}
	rows = append(rows, Row{What: both})
	for _, f := range inputs {
		rows = append(rows, Row{What: both, Plan: cnnlib.Plan{Input: f}})
	}
	for _, f := range kernels {
		rows = append(rows, Row{What: both, Plan: cnnlib.Plan{Kernel: f}})
	}
	return rows, nil
}
