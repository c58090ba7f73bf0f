package match

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// made is a network's weights under names of a torch.nn.Sequential, and which of them each tensor
// of a file is: -1 is none.
type made struct {
	want, have []Weight
	truth      []int
}

// network draws modules with weights; few sizes, so that many are alike.
func network(t *rapid.T) (modules [][]Weight) {
	size := rapid.IntRange(1, 3)
	for range rapid.IntRange(1, 14).Draw(t, "modules") {
		out, in := size.Draw(t, "out")+1, size.Draw(t, "in")
		weight := Weight{Name: "weight", Shape: []int{out, in}}
		bias := Weight{Name: "bias", Shape: []int{out}}
		switch rapid.IntRange(0, 2).Draw(t, "module") {
		case 0:
			modules = append(modules, []Weight{weight})
		case 1:
			modules = append(modules, []Weight{weight, bias})
		case 2:
			norm := Weight{Name: "weight", Shape: []int{out}}
			modules = append(modules, []Weight{norm, bias, {Name: "running_mean", Shape: []int{out}}, {Name: "running_var", Shape: []int{out}}, {Name: batches, Whole: true}})
		}
	}
	return modules
}

// ascent draws n numbers that go up.
func ascent(t *rapid.T, n int, word string) (numbers []int) {
	at := 0
	for range n {
		at += rapid.IntRange(1, 4).Draw(t, word)
		numbers = append(numbers, at)
	}
	return numbers
}

// draw makes a network and a file of its weights, in which modules have the same names, other
// numbers, or words for names, under a prefix, beside tensors that are no weights.
func draw(t *rapid.T) made {
	var m made
	modules := network(t)
	ours, theirs := ascent(t, len(modules), "ours"), ascent(t, len(modules), "theirs")
	names := rapid.SampledFrom([]string{"same", "numbers", "words", "both"}).Draw(t, "names")
	words := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{3}[0-9]{0,2}`), len(modules), len(modules), rapid.ID).Draw(t, "words")
	prefix := rapid.SampledFrom([]string{"", "module.", "net.", "state_dict.model.", "backbone._orig_mod."}).Draw(t, "prefix")
	for i, module := range modules {
		name := map[string]string{"same": fmt.Sprint(ours[i]), "numbers": fmt.Sprint(theirs[i]), "words": words[i], "both": fmt.Sprintf("%s.%d", words[i/3], theirs[i])}[names]
		for _, w := range module {
			full := w
			full.Name = prefix + name + "." + w.Name
			m.have = append(m.have, full)
			if kind(w.Name) == batches {
				m.truth = append(m.truth, -1)
				continue
			}
			m.truth = append(m.truth, len(m.want))
			w.Name = fmt.Sprintf("%d.%s", ours[i], w.Name)
			m.want = append(m.want, w)
		}
	}
	for _, other := range []Weight{{Name: "best_acc1"}, {Name: "optimizer.state.0.exp_avg", Shape: []int{2, 2}}, {Name: "ema.0.weight", Shape: []int{2, 2}}, {Name: "epoch", Whole: true}} {
		if rapid.Bool().Draw(t, other.Name) {
			at := rapid.IntRange(0, len(m.have)).Draw(t, "at")
			m.have, m.truth = slices.Insert(m.have, at, other), slices.Insert(m.truth, at, -1)
		}
	}
	return m
}

// TestRightOrRefused: whatever the names and the order, a weight is never taken for another.
func TestRightOrRefused(t *testing.T) {
	ways := make(map[string]int)
	rapid.Check(t, func(t *rapid.T) {
		m := draw(t)
		ordered := rapid.Bool().Draw(t, "ordered")
		order := make([]int, len(m.have))
		for i := range order {
			order[i] = i
		}
		if !ordered {
			order = rapid.Permutation(order).Draw(t, "order")
		}
		have := make([]Weight, len(order))
		for at, i := range order {
			have[at] = m.have[i]
		}
		r, err := Find(m.want, have, ordered)
		if err != nil {
			if len(err.Error()) > 3000 {
				t.Fatalf("an error of %d bytes", len(err.Error()))
			}
			ways["refused"]++
			return
		}
		for k, at := range r.Taken {
			if m.truth[order[at]] != k {
				t.Fatalf("%s: %s was taken for %s", r.How, have[at].Name, m.want[k].Name)
			}
		}
		ways[strings.Fields(r.How)[0]+strings.Fields(r.How)[1]]++
	})
	for _, way := range []string{"byname", "inthe", "bykinds,", "refused"} {
		if ways[way] == 0 {
			t.Errorf("%s did not occur: %v", way, ways)
		}
	}
}

// TestChangedIsRefused: one shape, one kind or one module more or less, and nothing is taken.
func TestChangedIsRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := draw(t)
		var weights []int
		for i, k := range m.truth {
			if k >= 0 {
				weights = append(weights, i)
			}
		}
		at := rapid.SampledFrom(weights).Draw(t, "changed")
		switch h := &m.have[at]; rapid.IntRange(0, 3).Draw(t, "change") {
		case 0:
			h.Shape = append([]int{7}, h.Shape...)
		case 1:
			h.Name += "_orig"
		case 2:
			m.have = slices.Delete(m.have, at, at+1)
		case 3:
			m.have = slices.Insert(m.have, at, Weight{Name: module(h.Name) + "more.weight", Shape: []int{5}})
		}
		if r, err := Find(m.want, m.have, rapid.Bool().Draw(t, "ordered")); err == nil {
			t.Fatalf("taken %v %s", r.Taken, r.How)
		}
	})
}

// TestAnyNames: names without sense give an error, and no panic.
func TestAnyNames(t *testing.T) {
	name := rapid.StringMatching(`([a-b0-2]{0,2}\.){0,4}(weight|bias|x|)`)
	weight := rapid.Custom(func(t *rapid.T) Weight {
		return Weight{Name: name.Draw(t, "name"), Shape: rapid.SliceOfN(rapid.IntRange(0, 2), 0, 2).Draw(t, "shape"), Whole: rapid.Bool().Draw(t, "whole")}
	})
	rapid.Check(t, func(t *rapid.T) {
		want, have := rapid.SliceOfN(weight, 1, 4).Draw(t, "want"), rapid.SliceOfN(weight, 0, 8).Draw(t, "have")
		r, err := Find(want, have, rapid.Bool().Draw(t, "ordered"))
		if err != nil {
			return
		}
		for k, i := range r.Taken {
			if !slices.Equal(want[k].Shape, have[i].Shape) || kind(want[k].Name) != kind(have[i].Name) {
				t.Fatalf("%v was taken for %v", have[i], want[k])
			}
		}
	})
}
