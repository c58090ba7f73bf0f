// Command conv times convolution layers, forward and backward, for conv.py
// beside it, which starts it and times PyTorch in turn. It reads lines "VARIANT
// SIZE PLAN STEPS" and answers each with milliseconds a step, by the clock and of processor
// time, or with "error: …".
// SIZE is batch,spatial...,channels; PLAN is forward/input/kernel, parts of
// which may be empty.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"convlab/cnnlib"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// layer is the variant for this many channels; conv.py has the same list.
func layer(variant string, channels int, plan cnnlib.Plan) cnnlib.Layer {
	switch variant {
	case "standard":
		return cnnlib.Conv{Out: channels, Kernel: 3, Padding: 1, Plan: plan}
	case "strided":
		return cnnlib.Conv{Out: channels, Kernel: 3, Padding: 1, Stride: 2, Plan: plan}
	case "1x1":
		return cnnlib.Conv{Out: channels, Kernel: 1, Plan: plan}
	case "transposed":
		return cnnlib.TransposedConv{Out: channels, Kernel: 3, Stride: 2, Padding: 1, OutputPadding: 1, Plan: plan}
	case "transposed4":
		return cnnlib.TransposedConv{Out: channels, Kernel: 4, Stride: 2, Padding: 1, Plan: plan}
	case "dilated":
		return cnnlib.Conv{Out: channels, Kernel: 3, Padding: 2, Dilation: 2, Plan: plan}
	case "spatial":
		return cnnlib.SpatialConv{Out: channels, Kernel: 3, Same: true}
	case "depthwise":
		return cnnlib.DepthwiseConv{Kernel: 3, Padding: 1, Plan: plan}
	case "separable":
		return cnnlib.SeparableConv{Out: channels, Kernel: 3, Padding: 1}
	case "flattened":
		return cnnlib.FlattenedConv{Out: channels, Kernel: 3, Same: true}
	case "grouped":
		return cnnlib.Conv{Out: channels, Kernel: 3, Padding: 1, Groups: 4, Plan: plan}
	case "shuffled":
		return cnnlib.ShuffledConv{Out: channels, Kernel: 3, Padding: 1, Groups: 4}
	}
	return nil
}

type program struct {
	exec    *model.Exec
	x, v    *tensors.Tensor
	compile time.Duration
}

func noise(dims []int) *tensors.Tensor {
	n := 1
	for _, d := range dims {
		n *= d
	}
	values := make([]float32, n)
	state := uint32(1)
	for i := range values {
		state = state*1664525 + 1013904223
		values[i] = float32(state>>8)*0x1p-23 - 1
	}
	return tensors.FromFlatDataAndDimensions(values, dims...)
}

// newProgram computes output, input gradient and weight gradients.
func newProgram(b compute.Backend, l cnnlib.Layer, dims []int) (*program, error) {
	info, err := l.Check(dims[1:])
	if err != nil {
		return nil, err
	}
	store := model.NewStore()
	scope := store.Scope("/layer")
	for _, w := range info.Weights {
		at, name := scope, w.Name
		if inner, last, ok := strings.Cut(name, "/"); ok {
			at, name = scope.At("%s", inner), last
		}
		at.VariableWithValue(name, noise(w.Shape))
	}
	p := &program{x: noise(dims), v: noise(append([]int{dims[0]}, info.Output...))}
	p.exec, err = model.NewExec(b, store, func(_ *model.Scope, x, v *graph.Node) []*graph.Node {
		y := l.Build(scope, x)
		from := []*graph.Node{x}
		for variable := range store.IterVariables() {
			if variable.InUseByGraph(x.Graph()) && variable.Shape().DType == x.DType() {
				from = append(from, variable.NodeValue(x.Graph()))
			}
		}
		return append([]*graph.Node{y}, graph.Gradient(graph.ReduceAllSum(graph.Mul(y, v)), from...)...)
	})
	if err != nil {
		return nil, err
	}
	start := time.Now()
	_, err = p.run(1)
	p.compile = time.Since(start)
	return p, err
}

// run makes steps that each wait for the one before: the output of one is the
// adjoint of the next.
func (p *program) run(steps int) (time.Duration, error) {
	start := time.Now()
	v := p.v
	for i := range steps {
		out, err := p.exec.Call(p.x, v)
		if err != nil {
			return 0, err
		}
		if i == steps-1 {
			out[len(out)-1].MaterializeLocal() // waits for the whole step
		}
		for _, t := range out[1:] {
			t.MustFinalizeAll()
		}
		if i > 0 {
			v.MustFinalizeAll()
		}
		v = out[0]
	}
	d := time.Since(start)
	v.MustFinalizeAll()
	return d, nil
}

func main() {
	choice, err := cnnlib.OpenBackend()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(choice.Name)
	programs := map[string]*program{}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		ms, err := answer(choice.Backend, programs, strings.Fields(lines.Text()))
		if err != nil {
			fmt.Println("error:", strings.ReplaceAll(err.Error(), "\n", " "))
			continue
		}
		fmt.Println(ms)
	}
}

// cpu is the processor time of all threads so far.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func answer(b compute.Backend, programs map[string]*program, words []string) (string, error) {
	if len(words) != 4 {
		return "", fmt.Errorf("want VARIANT SIZE PLAN STEPS, got %q", words)
	}
	key := strings.Join(words[:3], " ")
	steps, err := strconv.Atoi(words[3])
	if err != nil {
		return "", err
	}
	p := programs[key]
	if p == nil {
		var dims []int
		for _, text := range strings.Split(words[1], ",") {
			d, err := strconv.Atoi(text)
			if err != nil {
				return "", err
			}
			dims = append(dims, d)
		}
		plan := append(strings.Split(words[2], "/"), "", "")
		l := layer(words[0], dims[len(dims)-1], cnnlib.Plan{Forward: plan[0], Input: plan[1], Kernel: plan[2]})
		if l == nil {
			return "", fmt.Errorf("no variant %q", words[0])
		}
		if p, err = newProgram(b, l, dims); err != nil {
			return "", err
		}
		programs[key] = p
	}
	if steps == 0 {
		return fmt.Sprintf("%.1f 0", p.compile.Seconds()*1e3), nil
	}
	before := cpu()
	d, err := p.run(steps)
	used := cpu() - before
	return fmt.Sprintf("%.4f %.4f", d.Seconds()*1e3/float64(steps), used.Seconds()*1e3/float64(steps)), err
}
