package cnnlib

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"text/tabwriter"

	"convlab/internal/geometry"
	"convlab/internal/htmltable"
)

// Row is one line of a Summary. A layer that is made of parts has a row with
// their totals, followed by a row for each of them.
type Row struct {
	Path            Path
	Depth           int    // of the layer in layers of parts; 0: a layer of the network itself
	Layer           string // "Conv 6@3x3"
	Name            string // of the module in PyTorch's state dicts, as "layer1.0.conv1"
	Output          []int  // of one example
	Params, MACs    int64
	ActivationBytes int64            // float32 output of one example; of a layer of parts the sum of theirs, and its own where it joins branches
	Fields          []ReceptiveField // for each spatial axis; nil where a unit sees the whole input, or where Unseen says why it is not known
	ReceptiveField  int              // Fields[0].Size, 0 without Fields
	Unseen          error            // why Fields are not known
	Plan            string           // from SummaryOn: how a convolution is computed, "forward/input gradient/kernel gradient"
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
func (s Sequential) Summary(in []int) (*Summary, error) { return s.summary(in, nil) }

func (s Sequential) summary(in []int, plan func(*Place) (string, error)) (*Summary, error) {
	root, err := Resolve(s, in)
	if err != nil {
		return nil, err
	}
	sum := &Summary{Input: slices.Clone(in), planned: plan != nil}
	fields, errs := root.fields()
	var add func(p *Place, depth int) (activations int64, err error)
	add = func(p *Place, depth int) (int64, error) {
		at := len(sum.Rows)
		if p != root {
			sum.Rows = append(sum.Rows, Row{Path: p.Path, Depth: depth, Layer: p.Title(), Name: p.Name, Output: p.Info.Output, Params: p.Info.Params(), MACs: p.Info.MACs})
		}
		activations := int64(0)
		if !p.series() {
			activations = 4 * int64(geometry.Volume(p.Info.Output))
		}
		for _, q := range p.rows() {
			more, err := add(q, depth+1)
			if err != nil {
				return 0, err
			}
			activations += more
		}
		if p == root {
			return activations, nil
		}
		row := &sum.Rows[at]
		row.ActivationBytes, row.Unseen = activations, errs[p]
		if row.Fields = fields[p]; row.Fields != nil {
			row.ReceptiveField = row.Fields[0].Size
		}
		if plan != nil {
			var err error
			if row.Plan, err = plan(p); err != nil {
				return 0, err
			}
		}
		return activations, nil
	}
	if sum.ActivationBytes, err = add(root, -1); err != nil {
		return nil, err
	}
	sum.Params, sum.MACs = root.Info.Params(), root.Info.MACs
	sum.TrainBytes = 16 * sum.Params
	return sum, nil
}

// rows are the parts of p that have a row of their own: not those that stand
// in its place, and not branches that do nothing.
func (p *Place) rows() []*Place {
	var rows []*Place
	for _, q := range p.Parts {
		if q.Path != p.Path && !q.Shortcut() {
			rows = append(rows, q)
		}
	}
	return rows
}

// series tells whether the output of p is that of a part which has a row.
func (p *Place) series() bool { return len(p.rows()) > 0 && !p.Parallel }

var summaryHead = []string{"#", "layer", "output", "params", "MACs", "activation bytes", "receptive field"}

// table is the lines of the table, the head first. Names have a column if they
// are others than the paths.
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
	if slices.ContainsFunc(s.Rows, func(r Row) bool { return r.Name != string(r.Path) }) {
		lines[0] = slices.Insert(lines[0], 2, "name in PyTorch")
		for i, row := range s.Rows {
			lines[i+1] = slices.Insert(lines[i+1], 2, row.Name)
		}
	}
	return lines
}

func (r Row) cells() []string {
	field := "all"
	if r.Unseen != nil {
		field = "?"
	} else if len(r.Fields) > 0 {
		sizes := make([]int, len(r.Fields))
		for i, f := range r.Fields {
			sizes[i] = f.Size
		}
		field = times(sizes)
	}
	return []string{strings.Repeat("  ", r.Depth) + string(r.Path), strings.Repeat("  ", r.Depth) + r.Layer, times(r.Output),
		thousands(r.Params), thousands(r.MACs), thousands(r.ActivationBytes), field}
}

// times writes sizes as "8x8x16".
func times(sizes []int) string {
	words := make([]string, len(sizes))
	for i, d := range sizes {
		words[i] = fmt.Sprint(d)
	}
	return strings.Join(words, "x")
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
func (s *Summary) String() string { return textTable(s.table()) + s.total() + "\n" }

// textTable lays cells out in columns.
func textTable(lines [][]string) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, cells := range lines {
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	w.Flush()
	return b.String()
}

// HTML is the table for a notebook cell or a page.
func (s *Summary) HTML() string {
	var b strings.Builder
	lines := s.table()
	b.WriteString("<table>\n<thead>")
	htmltable.Row(&b, "th", lines[0]...)
	b.WriteString("</thead>\n<tbody>\n")
	for _, cells := range lines[1:] {
		htmltable.Row(&b, "td", cells...)
	}
	fmt.Fprintf(&b, "</tbody>\n<caption>%s</caption>\n</table>\n", html.EscapeString(s.total()))
	return b.String()
}
