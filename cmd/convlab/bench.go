package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"convlab/cnnlib"
	"convlab/internal/backend"
	"convlab/internal/convbench"
	"convlab/internal/stop"
)

type benchCmd struct {
	Conv benchConvCmd `cmd:"" help:"Compare the ways to compute a convolution, on this machine."`
}

type benchConvCmd struct {
	Kind   string `arg:"" default:"standard" enum:"${variants}" help:"${variants}. Kernels are 3x3, of transposed4 4x4, of 1x1 one pixel; strided, transposed and transposed4 have stride 2, dilated dilation 2; grouped and shuffled have 4 groups."`
	Input  []int  `default:"32,32,32,32" help:"Batch, one to three spatial sizes, channels; as many channels come out, of doubled twice as many."`
	Rounds int    `default:"7" help:"How often the programs take turns; the median is shown."`
	Plan   string `help:"Time only this way beside the library's choice: FORWARD/INPUT/KERNEL, parts may be empty."`
}

// Help is shown by --help.
func (*benchConvCmd) Help() string {
	return `Times the layer forward, and forward with the gradients of input and kernel: first as the library chooses, then with one of the
three maps computed in another way. All take turns, so that other work on the machine disturbs them alike. The field Plan of a
layer forces a way; one that does not apply to the shapes is refused. Ctrl-C shows the rounds that are done.

The ways, and what they need to apply:
` + indented(cnnlib.FormulationTable()) + `
Examples:
  convlab bench conv depthwise --input 32,56,56,64
  convlab bench conv strided --input 8,8,32,32,16 --rounds 3
  convlab bench conv --input 32,16,16,128 --plan im2col/native/rows
  GOMLX_BACKEND=go convlab bench conv --input 8,16,16,16`
}

// indented puts text in from the margin: help does not wrap it then.
func indented(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  ") + "\n"
}

func (c *benchConvCmd) Run(ctx context.Context) error {
	if c.Rounds < 1 {
		return fmt.Errorf("--rounds must be at least 1, got %d", c.Rounds)
	}
	plan, err := cnnlib.ParsePlan(c.Plan)
	if err != nil {
		return err
	}
	choice, err := backend.Open()
	if err != nil {
		return err
	}
	rows, rounds, err := convbench.Compare(ctx, choice.Backend, c.Kind, c.Input, plan, c.Rounds, func(text string) { fmt.Fprintln(os.Stderr, text) })
	if err != nil {
		return err
	}
	chosen, err := chosenPlan(choice, c.Kind, c.Input)
	if err != nil {
		return err
	}
	fmt.Printf("%s, input %v, on %s; the library chooses %s\nmilliseconds a step, median of %d rounds by turns\n\n", c.Kind, c.Input, choice.Name, chosen, rounds)
	if err := benchTable(os.Stdout, rows); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return &stop.Error{Says: fmt.Sprintf("stopped after %d of %d rounds", rounds, c.Rounds), Cause: err}
	}
	return nil
}

func benchTable(out io.Writer, rows []convbench.Row) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "what\tforward/input/kernel\tby the clock\tprocessor\tof the choice's time\tto compile")
	for _, r := range rows {
		plan := r.Plan.String()
		if r.Plan == (cnnlib.Plan{}) {
			plan = "as chosen"
		}
		fmt.Fprintf(w, "%s\t%s\t%.2f\t%.2f\t%.2f\t%.0f\n", r.What, plan, r.Wall.Seconds()*1e3, r.Processor.Seconds()*1e3, r.Ratio, r.Compile.Seconds()*1e3)
	}
	return w.Flush()
}

// chosenPlan is how the library computes a kind of convolution.
func chosenPlan(choice *backend.Choice, kind string, input []int) (string, error) {
	l, err := convbench.Layer(kind, input[len(input)-1], cnnlib.Plan{})
	if err != nil {
		return "", err
	}
	s, err := cnnlib.Sequential{l}.SummaryOn(choice.Backend, input[1:], input[0])
	if err != nil {
		return "", err
	}
	return s.Rows[0].Plan, nil
}
