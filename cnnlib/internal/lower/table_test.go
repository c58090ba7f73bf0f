package lower

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"pgregory.net/rapid"
)

// applying lists the formulations of a map that apply.
func applying(p *problem, m whichMap) []string {
	return p.names(m, func(w way) bool { return w.applies(p) == nil })
}

// computing lists those of them that b computes.
func computing(b compute.Backend, p *problem, m whichMap) []string {
	return slices.DeleteFunc(applying(p, m), func(name string) bool { return noDirect(platformOf(b), Plan{Forward: name}) != nil })
}

func TestNamesOfTheTableDiffer(t *testing.T) {
	seen := map[string]bool{"": true}
	for _, f := range formulations() {
		if seen[f.name] || f.what == "" || !slices.ContainsFunc(f.ways[:], func(w way) bool { return w.build != nil }) {
			t.Errorf("row %q of the table: its name is not its own, it says nothing, or it computes nothing", f.name)
		}
		seen[f.name] = true
		if text := Table(); !strings.Contains(text, f.name+": "+f.what+"\n") {
			t.Errorf("%s is not in\n%s", f.name, text)
		}
	}
}

// nothingRead has an output that reads padding alone, which is rare among the
// random problems.
var nothingRead = mustProblem(newProblem([]int{2, 1, 2}, []int{2, 2, 3}, Conv{Strides: []int{2}, Dilations: []int{1}, Pads: [][2]int{{2, 0}}, Groups: 1}))

func TestAnInputThatNothingReads(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) { check(t, b, nothingRead) })
}

// The random problems of the other tests must not pass a formulation by.
func TestEveryWayAppliesSomewhereAndFailsWhereItNeedsSomething(t *testing.T) {
	applied, refused := map[string]bool{}, map[string]bool{}
	problems := []*problem{nothingRead}
	for i := range 500 {
		problems = append(problems, anyProblem.Example(i))
	}
	for _, p := range problems {
		for _, f := range formulations() {
			for m, w := range f.ways {
				if w.build != nil {
					title := f.name + " " + mapNames[m]
					applied[title] = applied[title] || w.applies(p) == nil
					for _, c := range w.needs {
						title := title + " needs " + c.text
						refused[title] = refused[title] || strings.Contains(fmt.Sprint(w.applies(p)), c.text)
					}
				}
			}
		}
	}
	for title, was := range applied {
		if !was {
			t.Errorf("%s applies to none of the random problems", title)
		}
	}
	for title, was := range refused {
		if !was {
			t.Errorf("%s: no problem is without", title)
		}
	}
}

func TestTheChoiceApplies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyProblem.Draw(t, "problem")
		for _, platform := range []string{goPlatform, cpuPlatform, gpuPlatform} {
			for m := range maps {
				if name := choose(platform, p).of(m); !slices.Contains(applying(p, m), name) {
					t.Fatalf("%s: %q is chosen for the %s of %+v, where only %v apply", platform, name, mapNames[m], p, applying(p, m))
				}
			}
		}
	})
}

// A forced formulation is what runs, or an error that tells why not.
func TestAForcedPlanRunsOrIsRefused(t *testing.T) {
	b := labtest.Go(t)
	rapid.Check(t, func(t *rapid.T) {
		p := anyProblem.Draw(t, "problem")
		for _, whole := range []Problem{{p: p}, {p: p, transposed: true}} {
			for m, set := range []func(name string) Plan{
				func(name string) Plan { return Plan{Forward: name} },
				func(name string) Plan { return Plan{Input: name} },
				func(name string) Plan { return Plan{Kernel: name} },
			} {
				own := whichMap(m)
				if whole.transposed {
					own = [maps]whichMap{inputMap, forwardMap, kernelMap}[m]
				}
				for _, f := range append(formulations(), formulation{name: "magic"}) {
					plan := set(f.name)
					chosen, err := whole.Chosen(b, plan)
					if f.name == Direct {
						if err == nil || !strings.Contains(err.Error(), "is for XLA on CPUs") {
							t.Fatalf("our kernels, forced on pure Go: %v", err)
						}
						continue
					}
					if slices.Contains(applying(p, own), f.name) {
						if err != nil || chosen.of(whichMap(m)) != f.name || whole.Check(chosen) != nil {
							t.Fatalf("%s, forced %s: %s is chosen, %v", mapNames[m], f.name, chosen, err)
						}
						continue
					}
					want := []string{mapNames[m], fmt.Sprintf("%q", f.name), "; there are " + strings.Join(applying(p, own), ", ")}
					for _, c := range f.ways[own].needs {
						if !c.holds(p) {
							want = append(want, "needs "+c.text+", got "+c.got(p))
							break
						}
					}
					for _, text := range want {
						if err == nil || !strings.Contains(err.Error(), text) {
							t.Fatalf("%s, forced %s: error %v, want one with %q", mapNames[m], f.name, err, text)
						}
					}
				}
			}
		}
	})
}

func TestBuildingPanicsWhereAPlanDoesNotApply(t *testing.T) {
	b := labtest.Go(t)
	one := Conv{Strides: []int{1}, Dilations: []int{1}, Pads: make([][2]int, 1), Groups: 1}
	two := one
	two.Groups = 2
	wide := one
	wide.Dilations = []int{3}
	type build = func(x, k *graph.Node) *graph.Node
	convolve := func(c Conv, plan Plan) build {
		return func(x, k *graph.Node) *graph.Node { return Convolve(x, k, c, plan) }
	}
	transposed := func(plan Plan, spatial ...int) build {
		return func(x, k *graph.Node) *graph.Node { return Transposed(x, k, one, spatial, plan) }
	}
	for want, f := range map[string]build{
		`forward: "planes" does not apply: it needs 2 or 3 spatial axes, got one`: convolve(one, Plan{Forward: Planes}),
		`input gradient: "planes" does not apply`:                                 transposed(Plan{Input: Planes}, 7),
		"do not fit 2 groups":          convolve(two, Plan{}),
		"the same 1 to 3 spatial axes": convolve(Conv{Groups: 1}, Plan{}),
		"stamp none of an output of [1]": func(x, k *graph.Node) *graph.Node {
			return Transposed(x, k, Conv{[]int{1}, []int{1}, [][2]int{{7, 0}}, 1}, []int{1}, Plan{})
		},
		"every size must be at least 1": func(x, k *graph.Node) *graph.Node {
			return Convolve(graph.Zeros(x.Graph(), zeroShape(x, []int{0, 5, 1})), k, one, Plan{})
		},
		"differ in their axes": transposed(Plan{}, 7, 7),
		"does not fit input":   convolve(wide, Plan{}),
	} {
		_, err := graph.CallOnce(b, f, [][][]float32{{{1}, {1}, {1}, {1}, {1}}}, [][][]float32{{{1}}, {{1}}, {{1}}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
