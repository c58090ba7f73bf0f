package train

import (
	"context"
	"fmt"
	"iter"
)

// Dataset is a list of examples: images with their targets. Its length is all
// that data sets have in common; by its other methods a data set is one of
//
//   - Labelled: each image has a class;
//   - Paired: each image has a map of classes, another image, or numbers;
//   - Augmented: the images look different in each epoch.
//
// Fit and Evaluate refuse a type that is none of them. So a type that wraps a
// data set says itself what it gives, and where it passes on the length alone
// that is an error: an augmentation cannot get lost on the way.
type Dataset interface {
	Len() int
}

// Labelled is a Dataset of images with their classes. Pixels are uint8 in the
// model's shape, [height, width, channels], and must not be changed; labels
// count from 0. For more than 256 classes use Paired[int32] whose Target is
// the zero value.
type Labelled interface {
	Dataset
	Example(i int) (pixels []uint8, label uint8)
}

// Paired is a Dataset with any other kind of target; Target says which. T is
// uint8 or int32 for labels, uint8 for bytes, float32 for floats.
type Paired[T uint8 | int32 | float32] interface {
	Dataset
	Target() Target
	// Pair is example i: pixels uint8 in the model's shape, target in
	// Target's shape. Both are copied before the next call. An example may
	// look different in each epoch (counted from 1) as long as it depends on
	// i and epoch alone; Evaluate asks for epoch 0.
	Pair(i, epoch int) (pixels []uint8, target []T)
}

// Target says what the targets of a Paired data set are.
type Target struct {
	Kind  Kind
	Shape []int // of one target: none for a label, [height, width] for a map, [height, width, channels] for an image
	// Classes are those of Labels: 0 to Classes−1. 0 means as many as the
	// network has outputs for each place, or two where it has one.
	Classes int
	// Made says how the examples are made, if settings matter: a run goes on
	// only with a data set that says the same.
	Made string
}

// Kind is what the numbers of a target mean.
type Kind int

// Kinds of targets. The loss gets the first as int32, the others as float32.
const (
	Labels Kind = iota // a class for each place, counted from 0
	Bytes              // 0 to 255 for 0 to 1, as pixels
	Floats             // numbers as they are
)

func (k Kind) String() string {
	switch k {
	case Labels:
		return "labels"
	case Bytes:
		return "bytes"
	case Floats:
		return "floats"
	}
	return fmt.Sprintf("Kind(%d)", int(k))
}

// String is "labels", "labels [32 32]" or "floats [32 32 3]".
func (t Target) String() string {
	if len(t.Shape) == 0 {
		return t.Kind.String()
	}
	return fmt.Sprintf("%s %v", t.Kind, t.Shape)
}

// Augmented is a Dataset whose images look different in each epoch, as
// augment.Dataset.
type Augmented interface {
	Dataset
	// Batches gives the images of order as they look in this epoch, size at a
	// time, the last batch maybe fewer: pixels uint8 [n, shape...], good until
	// the next batch. An image's pixels depend on epoch and its index alone, so
	// that training which was stopped in an epoch goes on with the same ones.
	Batches(ctx context.Context, order []int, size, epoch int) iter.Seq2[[]uint8, error]
	// Unchanged is the data set of the images as they are, a Labelled or
	// Paired one. The targets are taken from it, and Evaluate takes it whole.
	Unchanged() interface{ Len() int }
	// String says what is done to the images. A run resumes with the same only.
	String() string
}

// LabelError is a label outside the classes.
type LabelError struct {
	Image   int   // index in the data set
	Place   []int // in the image's map of labels; none for a single label
	Label   int
	Classes int // labels must be from 0 to Classes−1
}

func (e *LabelError) Error() string {
	where := ""
	if len(e.Place) > 0 {
		where = fmt.Sprintf(" at %v", e.Place)
	}
	return fmt.Sprintf("train: image %d of the data set has label %d%s, but there are %d classes, 0 to %d", e.Image, e.Label, where, e.Classes, e.Classes-1)
}
