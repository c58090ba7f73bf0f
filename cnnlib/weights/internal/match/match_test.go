package match

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// list reads "0.weight 2x3, 0.bias 2, n": names with shapes.
func list(text string) []Weight {
	if text == "" {
		return nil
	}
	var all []Weight
	for item := range strings.SplitSeq(text, ",") {
		name, shape, _ := strings.Cut(strings.TrimSpace(item), " ")
		w := Weight{Name: name, Whole: kind(name) == batches}
		for d := range strings.SplitSeq(shape, "x") {
			size := 0
			if _, err := fmt.Sscan(d, &size); err == nil {
				w.Shape = append(w.Shape, size)
			}
		}
		all = append(all, w)
	}
	return all
}

// net is a convolution, a BatchNorm and a matrix.
const net = "0.weight 8x3x3x3, 1.weight 8, 1.bias 8, 1.running_mean 8, 1.running_var 8, 4.weight 10x8, 4.bias 10"

// after is text with a prefix before each name.
func after(prefix, text string) string {
	return prefix + strings.ReplaceAll(text, ", ", ", "+prefix)
}

func TestFind(t *testing.T) {
	two := "c1.weight 8x8, c2.weight 8x8"
	for _, c := range []struct {
		name, want, have string
		ordered          bool
		taken            []int
		how              string
		left             string
	}{
		{name: "the same names", want: net, have: net, taken: []int{0, 1, 2, 3, 4, 5, 6}, how: "by name"},
		{name: "counts of batches", want: "0.weight 8, 1.weight 8", have: "0.num_batches_tracked, 1.weight 8, 0.weight 8", taken: []int{2, 1}, how: "by name"},
		{name: "DataParallel", want: net, have: after("module.", net), taken: []int{0, 1, 2, 3, 4, 5, 6}, how: `by name after "module."`},
		{name: "Lightning", want: net, have: after("state_dict.net.", net) + ", state_dict.criterion.weight 10, callbacks.x.kth_value, optimizer_states.0.state.0.exp_avg 8x3x3x3",
			taken: []int{0, 1, 2, 3, 4, 5, 6}, how: `by name after "state_dict.net."`, left: "state_dict.criterion.weight callbacks.x.kth_value optimizer_states.0.state.0.exp_avg"},
		{name: "criterion beside the layers", want: "0.weight 8", have: "0.weight 8, criterion.weight 10", taken: []int{0}, how: "by name", left: "criterion.weight"},
		{name: "an averaged copy", want: net, have: after("ema.", net) + ", " + after("model.", net) + ", best_acc1", taken: []int{7, 8, 9, 10, 11, 12, 13},
			how: `by name after "model."`, left: bare(after("ema.", net)) + " best_acc1"},
		{name: "an averaged copy in the same dict", want: "0.weight 8", have: "ema_model.0.weight 8, 0.weight 8", taken: []int{1}, how: "by name", left: "ema_model.0.weight"},
		{name: "parts of wrappers", want: "features.0.weight 8, fc.weight 9", have: "features.module.0.weight 8, _orig_mod.fc.weight 9", taken: []int{0, 1}, how: "by name, without the names of wrappers"},
		{name: "auxiliary heads", want: "fc.weight 8", have: "fc.weight 8, aux1.fc.weight 8", taken: []int{0}, how: "by name", left: "aux1.fc.weight"},
		{name: "counters of thop", want: "0.weight 8", have: "total_ops 1, 0.total_ops 1, 0.weight 8", taken: []int{2}, how: "by name", left: "total_ops 0.total_ops"},
		{name: "generator and discriminator", want: "0.weight 8", have: "G.0.weight 9, D.0.weight 8", taken: []int{1}, how: `by name after "D."`, left: "G.0.weight"},

		{name: "a network without weights", want: "", have: "0.num_batches_tracked, loss", how: "by name", left: "loss"},

		{name: "in order", want: two, have: "b.weight 8x8, a.weight 8x8", ordered: true, taken: []int{0, 1}, how: "in the file's order"},
		{name: "in order beside a count of averages", want: two, have: "n_averaged, module.b.weight 8x8, module.a.weight 8x8", ordered: true, taken: []int{1, 2}, how: "in the file's order", left: "n_averaged"},
		{name: "in order beside an optimizer", want: two, have: "model.b.weight 8x8, model.a.weight 8x8, opt.b.weight 8x8, opt.a.weight 8x8", ordered: true, taken: []int{0, 1}, how: "in the file's order", left: "opt.b.weight opt.a.weight"},
		{name: "in order beside a criterion", want: two, have: "b.weight 8x8, criterion.weight 8x8, a.weight 8x8", ordered: true, taken: []int{0, 2}, how: "in the file's order", left: "criterion.weight"},
		{name: "as old DenseNets are named", want: "norm1.weight 8, norm2.weight 8", have: "norm.1.weight 8, norm.2.weight 8", ordered: true, taken: []int{0, 1}, how: "in the file's order"},

		{name: "by modules", want: net, have: "c.bias 10, c.weight 10x8, a.weight 8x3x3x3, b.num_batches_tracked, b.bias 8, b.running_mean 8, b.running_var 8, b.weight 8",
			taken: []int{2, 7, 4, 5, 6, 1, 0}, how: "by kinds, shapes"},
		{name: "numbers order modules", want: two, have: "m.10.weight 8x8, m.2.weight 8x8", taken: []int{1, 0}, how: "by kinds, shapes"},
		{name: "numbers before the order of the file", want: two, have: "m.10.weight 8x8, m.2.weight 8x8", ordered: true, taken: []int{1, 0}, how: "by kinds, shapes"},
		{name: "numbers in the middle", want: two, have: "m.10.c.weight 8x8, m.2.c.weight 8x8", taken: []int{1, 0}, how: "by kinds, shapes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			have := list(c.have)
			r, err := Find(list(c.want), have, c.ordered)
			if err != nil {
				t.Fatal(err)
			}
			var left []string
			for _, i := range r.Left {
				left = append(left, have[i].Name)
			}
			if !slices.Equal(r.Taken, c.taken) || !strings.HasPrefix(r.How, c.how) || strings.Join(left, " ") != c.left {
				t.Errorf("taken %v %q, left %q; want %v %q, left %q", r.Taken, r.How, left, c.taken, c.how, c.left)
			}
		})
	}
}

// bare is text without shapes.
func bare(text string) string {
	var all []string
	for _, w := range list(text) {
		all = append(all, w.Name)
	}
	return strings.Join(all, " ")
}

func TestFindErrors(t *testing.T) {
	many := make([]string, 300)
	for i := range many {
		many[i] = fmt.Sprintf("layer%d.weight 8x8", i)
	}
	for _, c := range []struct {
		name, want, have string
		ordered          bool
		text             string // how the error begins; ~ stands before what it holds further on
	}{
		{name: "another number of classes", want: "conv.weight 8x3, fc.weight 10x512, fc.bias 10", have: "conv.weight 8x3, fc.weight 1000x512, fc.bias 1000",
			text: "fc.weight has shape [1000 512], the network's has [10 512]; fc.bias has shape [1000], the network's has [10]"},
		{name: "a layer too few", want: net, have: strings.Split(net, ", 4.")[0], text: "2 of 7 weights are not in the file; missing: 4.weight [10 8], 4.bias [10]"},
		{name: "a layer too much", want: strings.Split(net, ", 4.")[0], have: net, text: "the file has 2 weights that the network does not have; left over: 4.weight [10 8], 4.bias [10]"},
		{name: "a scale that is no kind of ours", want: "0.weight 8", have: "0.weight 8, 1.gamma 8", ordered: true, text: "the file has 1 weight that the network does not have; left over: 1.gamma [8]"},
		{name: "half of the names", want: "a.weight 8, b.weight 8", have: "a.weight 8, c.weight 9", text: "1 of 2 weights are there by name; missing: b.weight [8]; left over: c.weight [9]"},
		{name: "other shapes in order", want: "a.weight 8, b.weight 9", have: "x.weight 8, y.weight 7", ordered: true,
			text: "the names are not the network's, and in the order of the file, weight 2, b.weight [9], meets y.weight [7]; missing: a.weight [8], b.weight [9]; left over: x.weight [8], y.weight [7]"},
		{name: "no order", want: "a.weight 8, b.weight 8", have: "x.weight 8, y.weight 8",
			text: `the names are not the network's, and x and y have the same kinds and shapes, and nothing says which comes first: rename~torch.save(net.state_dict(), "net.pth")`},
		{name: "endings that differ", want: "a.weight 8, b.weight 8", have: "x.weight 8, x.bias 8", ordered: true, text: "the names are not the network's, and in the order of the file, weight 2, b.weight [8], meets x.bias [8]"},
		{name: "a module that holds both", want: "a.weight 8, a.bias 8", have: "x.weight 8, y.bias 8", ordered: true, text: "the names are not the network's, and in the order of the file, a module begins"},
		{name: "a name that another weight has", want: "a.weight 8, b.weight 8, c.weight 8, d.weight 8, e.weight 8", have: "b.weight 8, x.weight 8, y.weight 8, z.weight 8, w.weight 8", ordered: true, text: "the names are not the network's, and b.weight would be taken for a.weight"},
		{name: "numbers against the order", want: "a.weight 8, b.weight 9", have: "1.weight 8, 0.weight 9", ordered: true, text: "the names are not the network's, and 1 would come before 0"},
		{name: "twice", want: "0.weight 8", have: "G.0.weight 8, D.0.weight 8", text: "the weights are there more than once, under G. and under D.: save one of them alone"},
		{name: "a copy is no stand-in", want: "0.weight 8", have: "model.0.weight 9, ema.0.weight 8", text: "model.0.weight has shape [9], the network's has [8]"},
		{name: "a copy is no stand-in for what has more", want: "0.weight 8", have: "0.weight 8, 1.weight 8, ema.0.weight 8", text: "the file has 1 weight"},
		{name: "a part of another network in order", want: "a.weight 8x8, a.bias 8", have: "conv.weight 8x3, fc.weight 8x8, fc.bias 8", ordered: true, text: "the names are not the network's, and the file has 3 weights, the network 2 weights"},
		{name: "weight_norm", want: "0.weight 8x8, 1.weight 8", have: "0.weight_g 8x1, 0.weight_v 8x8, 1.weight 8", text: "1 of 2 weights are there by name; missing: 0.weight [8 8]; left over: 0.weight_g [8 1], 0.weight_v [8 8]; 0.weight_g is a part"},
		{name: "the same name twice", want: "0.weight 8", have: "0.weight 8, 0.weight 8", text: "the name 0.weight is there twice"},
		{name: "a network with one name twice", want: "0.weight 8, 0.weight 8", have: "0.weight 8", text: "the network has two weights"},
		{name: "weights for a network without", want: "", have: "0.weight 8", text: "the network has no weights, the file has 0.weight [8]"},
		{name: "nothing in it", want: "0.weight 8", have: "loss", text: "the names are not the network's, and the file has 0 weights, the network 1 weight; missing: 0.weight [8]"},
		{name: "many", want: strings.ReplaceAll(strings.Join(many, ","), "layer", "l"), have: strings.Join(many, ","), text: "the names are not~and 294 more; left over: layer0.weight"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := Find(list(c.want), list(c.have), c.ordered)
			if err == nil {
				t.Fatalf("taken %v %s", r.Taken, r.How)
			}
			begin, holds, _ := strings.Cut(c.text, "~")
			if !strings.HasPrefix(err.Error(), begin) || !strings.Contains(err.Error(), holds) || len(err.Error()) > 1200 {
				t.Errorf("%v\nwant %s", err, c.text)
			}
		})
	}
}

// TestFindAmongMany: as many tensors as a file may have cost no more than a moment.
func TestFindAmongMany(t *testing.T) {
	have := make([]Weight, 1<<16)
	for i := range have {
		have[i] = Weight{Name: fmt.Sprintf("m%d.0.weight", i), Shape: []int{8}}
	}
	if _, err := Find(list("0.weight 8"), have, true); err == nil || err.Error() != "the names fit under 65536 prefixes: save one network alone" {
		t.Error(err)
	}
	if _, err := Find(list(net), have, true); err == nil {
		t.Error("no error")
	}
}
