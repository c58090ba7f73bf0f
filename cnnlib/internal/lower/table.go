package lower

import (
	"fmt"
	"strings"

	"github.com/gomlx/gomlx/core/graph"
)

// Names of the formulations.
const (
	Native      = "native"
	Direct      = "direct"
	Im2col      = "im2col"
	Elementwise = "elementwise"
	Planes      = "planes"
	Blocks      = "blocks"
	Phases      = "phases"
	Merged      = "merged"
	Swapped     = "swapped"
	Parts       = "parts"
)

// whichMap is one of the three linear maps of a convolution.
type whichMap int

const (
	forwardMap whichMap = iota // x, kernel → y
	inputMap                   // v, kernel → the gradient of x, for v the adjoint of y
	kernelMap                  // x, v → the gradient of the kernel
	maps
)

var mapNames = [maps]string{"forward", "input gradient", "kernel gradient"}

// formulation is a row of the table.
type formulation struct {
	name string
	what string // what it computes
	ways [maps]way
}

// way is how a formulation computes one map.
type way struct {
	needs []condition                                    // it applies where all of them hold
	worth func(p *problem) bool                          // where it is worth comparing with others; nil is wherever it applies
	build func(p *problem, a, b *graph.Node) *graph.Node // nil: the formulation does not have this map
}

// formulations is the table: all that is known of a formulation stands in its
// row. A formulation computes the map itself wherever its conditions hold; it
// may lead it back to other convolutions, whose formulations choose picks.
func formulations() []formulation {
	return []formulation{
		{Native, "the backend's own convolution; for the input gradient with zeros between the pixels", [maps]way{
			forwardMap: {build: (*problem).nativeForward},
			inputMap:   {build: (*problem).nativeInputGradient},
			kernelMap:  {build: (*problem).nativeKernelGradient},
		}},
		{Direct, "our own kernel in C, which XLA on CPUs calls (package kernels); see `convlab doctor`", [maps]way{
			forwardMap: {build: (*problem).directForward},
			inputMap:   {build: (*problem).directInputGradient},
			kernelMap:  {build: (*problem).directKernelGradient},
		}},
		{Im2col, "all that a kernel reads side by side, one matrix product (one per group)", [maps]way{
			forwardMap: {build: (*problem).im2colForward},
			kernelMap:  {build: (*problem).im2colKernelGradient},
		}},
		{Elementwise, "a multiply-add for each tap and channel of a group, over a shifted input", [maps]way{
			forwardMap: {worth: (*problem).fewPerGroup, build: (*problem).elementwiseForward},
			kernelMap:  {worth: (*problem).fewPerGroup, build: (*problem).elementwiseKernelGradient},
		}},
		{Planes, "a 3D convolution as a 2D one (a 2D one as 1D) whose channels are those of several planes", [maps]way{
			forwardMap: {needs: []condition{severalAxes, noGroups}, build: (*problem).planesForward},
			kernelMap:  {needs: []condition{severalAxes, noGroups}, build: (*problem).planesKernelGradient},
		}},
		{Blocks, "groups as separate convolutions, small ones together with zeros between", [maps]way{
			forwardMap: {needs: []condition{groups}, build: (*problem).blocksForward},
			inputMap:   {needs: []condition{groups}, build: (*problem).blocksInputGradient},
			kernelMap:  {needs: []condition{groups}, build: (*problem).blocksKernelGradient},
		}},
		{Phases, "a convolution with stride 1 for each phase of the strides", [maps]way{
			inputMap: {build: (*problem).phasesInputGradient},
		}},
		{Merged, "the phases of the strides as channels of one convolution with stride 1", [maps]way{
			inputMap: {needs: []condition{noGroups, noDilation, tapInEachPhase, inputRead}, worth: (*problem).strided,
				build: (*problem).mergedInputGradient},
		}},
		{Parts, "a sum over parts of the batch", [maps]way{
			kernelMap: {needs: []condition{noGroups}, build: (*problem).partsKernelGradient},
		}},
		{Swapped, "the output's gradient slides over the input", [maps]way{
			kernelMap: {needs: []condition{noGroups, noStride, narrowPadding}, build: (*problem).swappedKernelGradient},
		}},
	}
}

// way looks up how a formulation computes a map here. It is an error if it has
// none or if it does not apply.
func (p *problem) way(m whichMap, name string) (way, error) {
	for _, f := range formulations() {
		if w := f.ways[m]; f.name == name && w.build != nil {
			if err := w.applies(p); err != nil {
				return way{}, fmt.Errorf("%q does not apply: it %w", name, err)
			}
			return w, nil
		}
	}
	return way{}, fmt.Errorf("there is no formulation %q", name)
}

// build adds a map to the graph. It panics, as graph building does, if the
// formulation does not apply.
func (p *problem) build(m whichMap, name string, a, b *graph.Node) *graph.Node {
	w, err := p.way(m, name)
	if err != nil {
		panic(fmt.Errorf("lower: %s: %w", mapNames[m], err))
	}
	return w.build(p, a, b)
}

// names lists the formulations of a map whose way is as wanted.
func (p *problem) names(m whichMap, wanted func(w way) bool) []string {
	var names []string
	for _, f := range formulations() {
		if w := f.ways[m]; w.build != nil && wanted(w) {
			names = append(names, f.name)
		}
	}
	return names
}

// Table tells what each formulation computes and, for each map that it has,
// what it needs to apply.
func Table() string {
	var b strings.Builder
	for _, f := range formulations() {
		fmt.Fprintf(&b, "%s: %s\n", f.name, f.what)
		var needs []string // each with the maps that need it, in order
		whose := map[string][]string{}
		for m, w := range f.ways {
			if w.build == nil {
				continue
			}
			text := w.needsText()
			if whose[text] == nil {
				needs = append(needs, text)
			}
			whose[text] = append(whose[text], mapNames[m])
		}
		for _, text := range needs {
			fmt.Fprintf(&b, "  %s: %s\n", strings.Join(whose[text], ", "), text)
		}
	}
	return b.String()
}
