package convviz

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/train"
	"convlab/convviz/draw"
	"convlab/internal/geometry"
)

// TimeMachine is a training as a page to scrub through (lesson 3.5): for each
// epoch the kernels of the first convolution, the feature maps, Grad-CAM and
// probabilities of the same examples, how much each pixel moves a unit of the
// last maps, the confusion matrix, and the loss. What is compared over the
// epochs is drawn on one scale.
//
//	machine := convviz.TimeMachine{Examples: examples}
//	err := train.Replay(m, dir, func(epoch int) error {
//		result, err := train.Evaluate(ctx, m, test, 100)
//		return errors.Join(err, machine.Add(m, epoch, result))
//	})
//	err = convviz.WritePage("training.html", machine.Page(history))
type TimeMachine struct {
	Examples Examples

	size        []int // of the input
	first, last *cnnlib.Place
	unit        [2]int // row and column of the unit of the last maps that is followed
	from, to    []int  // the first and the last row and column that it can see
	moments     []moment
}

// The most that a page holds.
const (
	maxMoments        = 24
	maxMachineImages  = 8
	machineChannels   = 16 // of a layer's maps; the others are left out
	maxMachineNumbers = 40_000
)

// moment is what is shown of an epoch.
type moment struct {
	epoch          int
	loss, accuracy float64
	confusion      [][]int
	kernels        []float32
	kernelShape    []int
	examples       []exampleMoment
	influence      []float64
}

type exampleMoment struct {
	p           []float32
	first, last []float32 // maps
	cam         []float64
}

// Add takes the weights that m has after an epoch, 0 before training, and what
// they gave on a test set.
func (t *TimeMachine) Add(m *cnnlib.Model, epoch int, result *train.Result) error {
	if m == nil || result == nil {
		return errors.New("convviz: TimeMachine needs a model and what it gave on a test set")
	}
	if t.moments == nil {
		if err := t.start(m); err != nil {
			return err
		}
	}
	classes := len(t.Examples.Classes)
	switch {
	case len(t.moments) == maxMoments:
		return fmt.Errorf("convviz: a page holds at most %d epochs: add fewer of them", maxMoments)
	case !slices.Equal(m.Input(), t.size):
		return fmt.Errorf("convviz: the model takes %v, that of the epochs before took %v", m.Input(), t.size)
	case len(result.Confusion) != classes:
		return fmt.Errorf("convviz: a confusion matrix of %d classes, but %d are named", len(result.Confusion), classes)
	}
	at := moment{epoch: epoch, loss: result.Loss, accuracy: result.Accuracy, confusion: result.Confusion}
	var err error
	if at.kernels, at.kernelShape, err = m.Weight(t.first.Path, "weight"); err != nil {
		return err
	}
	n := len(t.Examples.Labels)
	logits, err := m.Predict(t.Examples.Pixels, n)
	if err != nil {
		return err
	}
	first, _, err := m.Output(t.Examples.Pixels, n, t.first.Path)
	if err != nil {
		return err
	}
	last, _, err := m.Output(t.Examples.Pixels, n, t.last.Path)
	if err != nil {
		return err
	}
	size := len(t.Examples.Pixels) / n
	for i, label := range t.Examples.Labels {
		e := exampleMoment{p: cnnlib.Softmax(logits[i]), first: channelsUpTo(first[i], t.first.Info.Output), last: channelsUpTo(last[i], t.last.Info.Output)}
		if e.cam, _, _, err = m.GradCAM(t.Examples.Pixels[i*size:(i+1)*size], t.last.Path, label); err != nil {
			return err
		}
		at.examples = append(at.examples, e)
	}
	if at.influence, err = m.Influence(t.Examples.Pixels, n, t.last.Path, t.unit[0], t.unit[1]); err != nil {
		return err
	}
	t.moments = append(t.moments, at)
	return nil
}

// start checks the examples and chooses what is shown: the first convolution,
// and what the last one gives after its activation.
func (t *TimeMachine) start(m *cnnlib.Model) error {
	root := m.Root()
	if err := t.Examples.check(m.Input(), root.Info.Output); err != nil {
		return err
	}
	if n := len(t.Examples.Labels); n > maxMachineImages {
		return fmt.Errorf("convviz: %d examples, at most %d can be shown over epochs", n, maxMachineImages)
	}
	t.size, t.first, t.last = m.Input(), nil, nil
	steps := root.Steps()
	for i, place := range steps {
		if place.Info.Window == nil || len(place.Info.Weights) == 0 || len(place.Info.Output) != 3 {
			continue
		}
		if t.first == nil {
			t.first = place
		}
		t.last = place
		for _, next := range steps[i+1:] {
			if next.Parallel || !next.Info.Pointwise {
				break
			}
			t.last = next
		}
	}
	if t.first == nil {
		return errors.New("convviz: the network has no convolution on pictures to look at over epochs")
	}
	if n := geometry.Volume(shown(t.first.Info.Output)) + geometry.Volume(shown(t.last.Info.Output)); n > maxMachineNumbers {
		return fmt.Errorf("convviz: %s and %s give %d numbers for a picture, at most %d can be shown over epochs", t.first.Title(), t.last.Title(), n, maxMachineNumbers)
	}
	t.unit = [2]int{t.last.Info.Output[0] / 2, t.last.Info.Output[1] / 2}
	var err error
	t.from, t.to, err = m.Net().Sees(t.size, t.last.Path, t.unit[0], t.unit[1])
	return err
}

// shown is the shape of maps without the channels that are left out.
func shown(shape []int) []int { return []int{shape[0], shape[1], min(shape[2], machineChannels)} }

func channelsUpTo(values []float32, shape []int) []float32 {
	kept := shown(shape)[2]
	if kept == shape[2] {
		return slices.Clone(values)
	}
	var all []float32
	for at := 0; at < len(values); at += shape[2] {
		all = append(all, values[at:at+kept]...)
	}
	return all
}

// machineMap is numbers of one epoch or picture in 8 bits, -127 to 127 of the
// largest over all epochs.
func machineMap[T float32 | float64](values []T, most float64) []byte {
	all := make([]byte, len(values))
	for i, v := range values {
		if most > 0 {
			all[i] = byte(int8(math.Round(127 * float64(v) / most)))
		}
	}
	return all
}

func mostOf[T float32 | float64](values []T) float64 {
	most := 0.0
	for _, v := range values {
		if a := math.Abs(float64(v)); a > most && !math.IsInf(a, 0) {
			most = a
		}
	}
	return most
}

// Page is the page of the epochs that were added; history, which may be nil,
// gives the curves of training.
func (t *TimeMachine) Page(history train.History) (*Page, error) {
	if len(t.moments) == 0 {
		return nil, errors.New("convviz: TimeMachine: no epoch was added")
	}
	var mostFirst, mostLast, mostKernel float64
	for _, at := range t.moments {
		mostKernel = max(mostKernel, mostOf(at.kernels))
		for _, e := range at.examples {
			mostFirst, mostLast = max(mostFirst, mostOf(e.first)), max(mostLast, mostOf(e.last))
		}
	}
	var moments []map[string]any
	var epochs, losses []float64
	for _, at := range t.moments {
		var examples []map[string]any
		for _, e := range at.examples {
			most := mostOf(e.cam)
			examples = append(examples, map[string]any{
				"p": floatBytes(e.p), "first": machineMap(e.first, mostFirst), "last": machineMap(e.last, mostLast), "cam": machineMap(e.cam, most), "most": finite(most),
			})
		}
		influence := mostOf(at.influence)
		moments = append(moments, map[string]any{
			"epoch": at.epoch, "loss": finite(at.loss), "accuracy": at.accuracy, "confusion": at.confusion, "kernels": floatBytes(at.kernels),
			"examples": examples, "influence": machineMap(at.influence, influence), "half": half(at.influence),
		})
		epochs, losses = append(epochs, float64(at.epoch)), append(losses, at.loss)
	}
	still, err := t.still(history, epochs, losses)
	if err != nil {
		return nil, err
	}
	curves := []map[string]any{}
	for _, e := range history {
		point := map[string]any{"epoch": e.Epoch, "loss": finite(e.Loss)}
		if e.Validated {
			point["valid"] = finite(e.ValidLoss)
		}
		curves = append(curves, point)
	}
	return scripted(still, clickFiles, "timeMachine", []string{"click/words.js", "click/paint.js", "click/machine.js"}, "click/click.css", map[string]any{
		"size": t.size, "images": t.Examples.pictures(), "classes": t.Examples.Classes, "words": t.Examples.words(), "moments": moments, "curves": curves,
		"first":  map[string]any{"title": t.first.Title(), "shape": shown(t.first.Info.Output), "channels": t.first.Info.Output[2], "most": mostFirst},
		"last":   map[string]any{"title": t.last.Title(), "shape": shown(t.last.Info.Output), "channels": t.last.Info.Output[2], "most": mostLast},
		"kernel": map[string]any{"shape": t.moments[0].kernelShape, "most": mostKernel}, "unit": t.unit,
		"sees": map[string]int{"top": t.from[0], "bottom": t.to[0], "left": t.from[1], "right": t.to[1]},
	})
}

// finite is a number as JSON can hold it.
func finite(v float64) any {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return v
}

// half is how many pixels, the strongest first, make half of the influence.
func half(influence []float64) int {
	sorted := slices.Clone(influence)
	slices.SortFunc(sorted, func(a, b float64) int {
		switch {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return 0
	})
	sum := 0.0
	for i, v := range sorted {
		if sum += v; sum >= 0.5 {
			return i + 1
		}
	}
	return 0
}

// still is the kernels before and after, and the loss on the test set.
func (t *TimeMachine) still(history train.History, epochs, losses []float64) (*Picture, error) {
	if len(history) > 0 {
		return Curves(history)
	}
	return draw.Lines{Title: say("Loss"), XLabel: say("Epoch"), YLabel: say("Loss"), WholeX: true,
		Series: []draw.Series{{Name: say("test"), X: epochs, Y: losses, Color: draw.Green, Marker: true}},
		Alt:    sayf("Training curves over %d epochs.", len(epochs)) + sayf(" Loss from %.4f to %.4f.", losses[0], losses[len(losses)-1])}.Draw()
}
