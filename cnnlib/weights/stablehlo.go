package weights

import (
	"bufio"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"convlab/cnnlib"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// ExportStableHLO writes m with its weights as StableHLO in MLIR's text form,
// which XLA compiles anywhere: command convserve runs it, JAX too. m has to be
// on XLA. When ctx ends, the error wraps ctx.Err(), and a file that was there
// before stays; a compilation that has begun is waited for.
//
// The program takes uint8 [batch, height, width, channels], scales and
// normalises as m does, and gives float32 [batch, outputs]. The batch size is
// fixed. Products are in full float32 on every device. classes, if there are
// any, stand in a comment at the top of the file.
func ExportStableHLO(ctx context.Context, m *cnnlib.Model, file string, batch int, classes []string) error {
	if batch < 1 {
		return fmt.Errorf("weights: %s: a batch of at least 1 image, got %d", file, batch)
	}
	for _, c := range classes {
		if c == "" || strings.ContainsAny(c, ",\r\n") {
			return fmt.Errorf("weights: %s: class %q is empty or has a comma or a line break", file, c)
		}
	}
	text, params, err := stableHLO(m, batch)
	if err != nil {
		return fmt.Errorf("weights: %s: %w", file, err)
	}
	text = strings.ReplaceAll(text, "#stablehlo<precision DEFAULT>", "#stablehlo<precision HIGHEST>")
	head, body, found := strings.Cut(text, "func.func @main(")
	args, rest, ended := strings.Cut(body, ") -> ")
	result, _, opened := strings.Cut(rest, " {")
	types := typesOf(args)
	if !found || !ended || !opened || len(types) != len(params)+1 || strings.Contains(rest, "@main(") {
		return fmt.Errorf("weights: %s: the program of go-xla does not look as expected: %.200q", file, text)
	}
	return writeWhole(ctx, file, func(f io.Writer) error {
		w := bufio.NewWriterSize(f, 1<<20)
		fmt.Fprintln(w, "// convlab: pixels [batch, height, width, channels], 0 to 255, to logits [batch, classes]")
		if len(classes) > 0 {
			fmt.Fprintln(w, "// classes:", strings.Join(classes, ","))
		}
		fmt.Fprintf(w, "%sfunc.func @main(%%pixels: %s) -> %s {\n", head, types[0], result)
		names := []string{"%pixels"}
		for i, p := range params {
			names = append(names, fmt.Sprintf("%%w%d", i))
			fmt.Fprintf(w, "    %s = stablehlo.constant dense<\"0x", names[i+1])
			if err := writeHex(w, m, p); err != nil {
				return err
			}
			fmt.Fprintf(w, "\"> : %s // %s\n", types[i+1], p)
		}
		fmt.Fprintf(w, "    %%logits = func.call @network(%s) : (%s) -> %s\n    func.return %%logits : %s\n  }\n\n",
			strings.Join(names, ", "), strings.Join(types, ", "), result, result)
		fmt.Fprintf(w, "  func.func private @network(%s) -> %s", args, rest)
		return w.Flush()
	})
}

// exportStableHLO writes m for one image at a time.
func exportStableHLO(ctx context.Context, m *cnnlib.Model, file string) error {
	return ExportStableHLO(ctx, m, file, 1, nil)
}

// typesOf takes "%a: tensor<2xf32>, %b: tensor<f32>" apart.
func typesOf(args string) []string {
	var types []string
	for _, a := range strings.Split(args, ", ") {
		_, t, _ := strings.Cut(a, ": ")
		types = append(types, t)
	}
	return types
}

// writeHex writes the numbers of a variable as MLIR takes them bit by bit.
func writeHex(w io.Writer, m *cnnlib.Model, path string) error {
	v := m.Store().GetVariable(path)
	if v == nil {
		return fmt.Errorf("the model has no variable %s", path)
	}
	value, err := v.Value()
	if err != nil {
		return err
	}
	values, err := tensors.CopyFlatData[float32](value)
	if err != nil {
		return err
	}
	_, err = hex.NewEncoder(w).Write(NewTensor(path, values).Data)
	return err
}

// stableHLO is the program that XLA is given for m, and the paths of the
// variables that it takes after the pixels.
func stableHLO(m *cnnlib.Model, batch int) (text string, params []string, err error) {
	var g *graph.Graph
	exec, err := model.NewExec(m.Backend(), m.Store(), func(_ *model.Scope, pixels *graph.Node) *graph.Node {
		g = pixels.Graph()
		return m.Logits(pixels)
	})
	if err != nil {
		return "", nil, err
	}
	defer exec.Finalize()
	exec.WithName("convlab")
	pixels := tensors.FromScalarAndDimensions(uint8(0), append([]int{batch}, m.Input()...)...)
	if text, err = programOf(func() error { return exec.PreCompile(pixels) }); err != nil {
		return "", nil, err
	}
	for i := 1; i < g.NumParameters(); i++ {
		p := g.GetParameterByHandle(graph.ParameterHandle(i))
		if p.Shape().DType != dtypes.Float32 {
			return "", nil, fmt.Errorf("parameter %s is %s", p.GetParameterName(), p.Shape())
		}
		params = append(params, p.GetParameterName())
	}
	return text, params, nil
}
