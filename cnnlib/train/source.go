package train

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"convlab/internal/geometry"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
)

// source is a Dataset of whatever kind as Fit and Evaluate use it.
type source struct {
	examples
	n         int       // the first n examples are used
	target    Target    // what examples.Target gave
	classes   int       // labels from here on are an error; 0: any label will do
	augmented Augmented // makes the pixels; nil: those of examples
}

// examples is one data set of one kind.
type examples interface {
	Len() int
	Target() Target
	dtype() dtypes.DType // of the targets in a batch
	// take gives the pixels of example i and writes its target as number k of
	// the flat targets of a batch.
	take(i, epoch, k int, targets any, classes int) (pixels []uint8, err error)
}

// newSource finds out what kind of data set it is given. output is the shape
// of what the network gives for one example.
func newSource(data Dataset, output []int) (*source, error) {
	s := &source{}
	plain := data
	if a, ok := data.(Augmented); ok {
		s.augmented, plain = a, a.Unchanged()
	}
	switch d := plain.(type) {
	case Augmented:
		return nil, fmt.Errorf("train: %T changes the images of %T, which changes them itself: one of them must do it all", data, plain)
	case interface {
		Batches(ctx context.Context, order []int, size, epoch int) iter.Seq2[[]uint8, error]
	}:
		return nil, fmt.Errorf("train: %T has Batches, but is no Augmented data set: it needs String and Unchanged too", plain)
	case Paired[uint8]:
		s.examples = newPairs(d)
	case Paired[int32]:
		s.examples = newPairs(d)
	case Paired[float32]:
		s.examples = newPairs(d)
	case Labelled:
		s.examples = labelled{d}
	default:
		return nil, fmt.Errorf("train: %T gives no examples: a data set is Labelled, Paired or Augmented; a type that wraps one must have its methods, not only Len", plain)
	}
	s.n, s.target = data.Len(), s.Target()
	if n := s.examples.Len(); n < s.n {
		return nil, fmt.Errorf("train: %T has %d images, the data set behind it only %d", data, s.n, n)
	}
	for _, size := range s.target.Shape {
		if size < 1 {
			return nil, fmt.Errorf("train: the targets of %T have shape %v, with a size below 1", plain, s.target.Shape)
		}
	}
	if fits := slices.Contains(kinds(s.dtype()), s.target.Kind); !fits {
		return nil, fmt.Errorf("train: %T gives %s as %s", plain, s.target.Kind, s.dtype())
	}
	if s.target.Kind == Labels {
		s.classes = classesOf(output, s.target)
	}
	return s, nil
}

// kinds are those of targets that are kept as such numbers.
func kinds(d dtypes.DType) []Kind {
	switch d {
	case dtypes.Uint8:
		return []Kind{Labels, Bytes}
	case dtypes.Int32:
		return []Kind{Labels}
	}
	return []Kind{Floats}
}

// classesOf is the number of classes of labels: what the data set says, else
// what the network's output has for each place; 0 if output has another shape.
func classesOf(output []int, t Target) int {
	switch last := len(t.Shape); {
	case t.Classes > 0:
		return t.Classes
	case slices.Equal(output, t.Shape):
		return 2
	case len(output) != last+1 || !slices.Equal(output[:last], t.Shape):
		return 0
	default:
		return max(2, output[last])
	}
}

// how says how the examples are made, and what is done to the images.
func (s *source) how() string {
	var how []string
	if s.target.Made != "" {
		how = append(how, s.target.Made)
	}
	if s.augmented != nil {
		how = append(how, s.augmented.String())
	}
	return strings.Join(how, ", ")
}

// values is what a loss or a metric gets of the targets of a batch.
func (t Target) values(targets *graph.Node) *graph.Node {
	switch t.Kind {
	case Labels:
		return graph.ConvertDType(targets, dtypes.Int32)
	case Bytes:
		return graph.DivScalar(graph.ConvertDType(targets, dtypes.Float32), 255)
	}
	return targets
}

type labelled struct{ Labelled }

func (labelled) Target() Target { return Target{} }

func (labelled) dtype() dtypes.DType { return dtypes.Int32 }

func (l labelled) take(i, _, k int, targets any, classes int) ([]uint8, error) {
	pixels, label := l.Example(i)
	if classes > 0 && int(label) >= classes {
		return nil, &LabelError{Image: i, Label: int(label), Classes: classes}
	}
	targets.([]int32)[k] = int32(label)
	return pixels, nil
}

type pairs[T uint8 | int32 | float32] struct {
	Paired[T]
	target Target
	size   int // numbers in a target
}

func newPairs[T uint8 | int32 | float32](d Paired[T]) pairs[T] {
	t := d.Target()
	return pairs[T]{d, t, geometry.Volume(t.Shape)}
}

func (p pairs[T]) Target() Target { return p.target }

func (pairs[T]) dtype() dtypes.DType { return dtypes.FromGenericsType[T]() }

func (p pairs[T]) take(i, epoch, k int, targets any, classes int) ([]uint8, error) {
	pixels, target := p.Pair(i, epoch)
	if len(target) != p.size {
		return nil, fmt.Errorf("train: the target of image %d of the data set has %d numbers, should have %d (shape %v)", i, len(target), p.size, p.target.Shape)
	}
	if classes > 0 {
		for at, label := range target {
			if label < 0 || int(label) >= classes {
				return nil, &LabelError{Image: i, Place: geometry.Unravel(at, p.target.Shape), Label: int(label), Classes: classes}
			}
		}
	}
	copy(targets.([]T)[k*p.size:], target)
	return pixels, nil
}
