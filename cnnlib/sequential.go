package cnnlib

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Sequential is a network: each layer takes what the one before it gives.
type Sequential []Layer

// CIFARInput is the shape of one CIFAR-10 image: height, width, channels.
var CIFARInput = []int{32, 32, 3}

// LeNet is network 3.1 of the lesson: 81,302 parameters.
func LeNet() Sequential {
	return Sequential{
		Conv{Out: 6, Kernel: 3}, ReLU{}, MaxPool{Size: 2},
		Conv{Out: 16, Kernel: 3}, ReLU{}, MaxPool{Size: 2},
		Flatten{},
		Dense{Out: 120}, ReLU{}, Dense{Out: 84}, ReLU{}, Dense{Out: 10},
	}
}

// LessonNet is network 3.2 of the lesson, the one it trains: 11,585,546
// parameters. It is a different network from 3.1.
func LessonNet() Sequential {
	return Sequential{
		Conv{Out: 32, Kernel: 3}, ReLU{}, MaxPool{Size: 2}, Dropout{Rate: 0.25},
		Conv{Out: 128, Kernel: 3}, ReLU{}, MaxPool{Size: 2}, Dropout{Rate: 0.25},
		Flatten{},
		Dense{Out: 2048}, ReLU{}, Dropout{Rate: 0.5},
		Dense{Out: 1024}, ReLU{}, Dropout{Rate: 0.5},
		Dense{Out: 10},
	}
}

// infos checks every layer in turn for one example of shape in.
func (s Sequential) infos(in []int) ([]Info, error) {
	if len(s) == 0 {
		return nil, fmt.Errorf("cnnlib: the network has no layers")
	}
	for _, d := range in {
		if d < 1 {
			return nil, fmt.Errorf("cnnlib: input shape %v has a size below 1", in)
		}
	}
	infos := make([]Info, len(s))
	for i, layer := range s {
		if layer == nil {
			return nil, fmt.Errorf("cnnlib: layer %d is nil", i)
		}
		info, err := layer.Check(in)
		if err != nil {
			return nil, fmt.Errorf("cnnlib: layer %d (%s): %w", i, nameOf(layer, in), err)
		}
		infos[i], in = info, info.Output
	}
	return infos, nil
}

// Check tells whether the network can take examples of shape in, and if not,
// which layer cannot and why. Nothing is compiled.
func (s Sequential) Check(in []int) error {
	_, err := s.infos(in)
	return err
}

// Build adds all layers to the graph of x: [batch, in...]; layer i has its
// variables in the sub-scope "i", as in PyTorch's state dicts.
func (s Sequential) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	for i, layer := range s {
		x = layer.Build(scope.At("%d", i), x)
	}
	return x
}

// Row is one line of a Summary.
type Row struct {
	Index           int
	Layer           string // "Conv 6@3x3"
	Output          []int  // of one example
	Params, MACs    int64
	ActivationBytes int64   // float32 output of one example
	ReceptiveField  int     // pixels of the input's first axis seen by one unit; 0 after Flatten: all of it
	Fields          []Field // the same for each spatial axis
	Plan            string  // from SummaryOn: how a convolution is computed, "forward/input gradient/kernel gradient"; a list for a layer of several
}

// Summary is what a network is and costs, layer by layer, for one example.
type Summary struct {
	Input           []int
	Rows            []Row
	Params, MACs    int64
	ActivationBytes int64
	TrainBytes      int64 // weights, gradients and Adam's two moments, float32
	planned         bool
}

// Summary computes the table of the network for examples of shape in.
func (s Sequential) Summary(in []int) (*Summary, error) {
	infos, err := s.infos(in)
	if err != nil {
		return nil, err
	}
	sum := &Summary{Input: in}
	fields := fieldsOf(infos, in)
	for i, info := range infos {
		row := Row{Index: i, Layer: nameOf(s[i], in), Output: info.Output, Params: info.Params(), MACs: info.MACs,
			ActivationBytes: 4 * product(info.Output)}
		if row.Fields = fields[i]; row.Fields != nil {
			row.ReceptiveField = row.Fields[0].Size
		}
		in = info.Output
		sum.Rows = append(sum.Rows, row)
		sum.Params += row.Params
		sum.MACs += row.MACs
		sum.ActivationBytes += row.ActivationBytes
	}
	sum.TrainBytes = 16 * sum.Params
	return sum, nil
}

var summaryHead = []string{"#", "layer", "output", "params", "MACs", "activation bytes", "receptive field"}

// table is the lines of the table, the head first.
func (s *Summary) table() [][]string {
	lines := [][]string{slices.Clone(summaryHead)}
	for _, row := range s.Rows {
		lines = append(lines, row.cells())
	}
	if s.planned {
		lines[0] = append(lines[0], "plan: forward/input/kernel")
		for i, row := range s.Rows {
			lines[i+1] = append(lines[i+1], row.Plan)
		}
	}
	return lines
}

func (r Row) cells() []string {
	field := "all"
	if len(r.Fields) > 0 {
		sizes := make([]string, len(r.Fields))
		for i, f := range r.Fields {
			sizes[i] = fmt.Sprint(f.Size)
		}
		field = strings.Join(sizes, "x")
	}
	dims := make([]string, len(r.Output))
	for i, d := range r.Output {
		dims[i] = fmt.Sprint(d)
	}
	return []string{fmt.Sprint(r.Index), r.Layer, strings.Join(dims, "x"), thousands(r.Params), thousands(r.MACs),
		thousands(r.ActivationBytes), field}
}

func thousands(n int64) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func (s *Summary) total() string {
	return fmt.Sprintf("%s params, %s MACs per image; weights, gradients and Adam take %.1f MiB",
		thousands(s.Params), thousands(s.MACs), float64(s.TrainBytes)/(1<<20))
}

// String is the table as text.
func (s *Summary) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, cells := range s.table() {
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	w.Flush()
	return b.String() + s.total() + "\n"
}

// HTML is the table for a notebook cell or a page.
func (s *Summary) HTML() string {
	var b strings.Builder
	line := func(tag string, cells []string) {
		b.WriteString("<tr>")
		for _, c := range cells {
			fmt.Fprintf(&b, "<%s>%s</%s>", tag, html.EscapeString(c), tag)
		}
		b.WriteString("</tr>\n")
	}
	lines := s.table()
	b.WriteString("<table>\n<thead>")
	line("th", lines[0])
	b.WriteString("</thead>\n<tbody>\n")
	for _, cells := range lines[1:] {
		line("td", cells)
	}
	fmt.Fprintf(&b, "</tbody>\n<caption>%s</caption>\n</table>\n", html.EscapeString(s.total()))
	return b.String()
}
