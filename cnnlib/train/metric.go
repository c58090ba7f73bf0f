package train

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"github.com/gomlx/gomlx/core/graph"
)

// Metric is a figure of how well a network does, beside the loss. The device
// computes some numbers for each batch, these are added up over all batches
// of an epoch or an evaluation, and the figure is computed from their sums.
// Checkpoints keep the sums.
type Metric interface {
	Name() string // as it is shown: "mean IoU"
	// Check says why the figure cannot be had of such outputs and targets, as
	// Loss.Check.
	Check(output []int, target Target) error
	// Sums of a batch: logits and targets as for Loss.Build → float32 [k], any
	// k that is the same for all batches.
	Sums(logits, targets *graph.Node) *graph.Node
	// Value is the figure, of the k sums.
	Value(sums []float64) float64
}

// Figure is a metric's name and value.
type Figure struct {
	Name  string
	Value float64
}

// String is as "mean IoU 0.9012".
func (f Figure) String() string { return fmt.Sprintf("%s %.4f", f.Name, f.Value) }

// number is a float64 that may be NaN or infinite in JSON: such a one is
// written as a string.
type number float64

// MarshalJSON implements json.Marshaler.
func (n number) MarshalJSON() ([]byte, error) {
	text := strconv.AppendFloat(nil, float64(n), 'g', -1, 64)
	if math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
		text = strconv.AppendQuote(nil, string(text))
	}
	return text, nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (n *number) UnmarshalJSON(text []byte) error {
	value := string(text)
	if unquoted, err := strconv.Unquote(value); err == nil {
		value = unquoted
	}
	v, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return fmt.Errorf("train: %s is no number: %w", text, err)
	}
	*n = number(v)
	return nil
}

// figureJSON is a Figure in JSON.
type figureJSON struct {
	Name  string
	Value number
}

// MarshalJSON implements json.Marshaler; a value may be NaN.
func (f Figure) MarshalJSON() ([]byte, error) {
	return json.Marshal(figureJSON{f.Name, number(f.Value)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (f *Figure) UnmarshalJSON(text []byte) error {
	var j figureJSON
	err := json.Unmarshal(text, &j)
	*f = Figure{j.Name, float64(j.Value)}
	return err
}

// MeanLoss is the mean over the images of a loss that is watched but not
// trained on.
type MeanLoss struct {
	Title string
	Loss  Loss
}

// Name is Title.
func (m MeanLoss) Name() string { return m.Title }

// Check implements Metric.
func (m MeanLoss) Check(output []int, target Target) error {
	if m.Loss == nil {
		return fmt.Errorf("train: metric %q has no loss", m.Title)
	}
	return m.Loss.Check(output, target)
}

// Sums are [loss times images, images].
func (m MeanLoss) Sums(logits, targets *graph.Node) *graph.Node {
	n := logits.Shape().Dimensions[0]
	return sums(graph.MulScalar(m.Loss.Build(logits, targets), float64(n)), count(logits.Graph(), n))
}

// Value is the mean loss of the two sums [loss times images, images].
func (MeanLoss) Value(sums []float64) float64 { return sums[0] / sums[1] }
