package convviz

import (
	"fmt"

	"convlab/cnnlib/train"
	"convlab/convviz/draw"
)

// Curves draws a training history as lesson 3.8 does: the loss as a green
// line with round markers over the epochs. Where there are validation figures
// they are drawn beside the training ones, and the accuracy's panel marks the
// best epoch. Where the targets are not labels there is no accuracy, and the
// loss's panel stands alone.
func Curves(h train.History) (*Picture, error) {
	if len(h) == 0 {
		return nil, fmt.Errorf("convviz: the history has no epochs")
	}
	var epochs, validated, loss, accuracy, validLoss, validAccuracy []float64
	for _, e := range h {
		epochs, loss, accuracy = append(epochs, float64(e.Epoch)), append(loss, e.Loss), append(accuracy, e.Accuracy)
		if e.Validated {
			validated = append(validated, float64(e.Epoch))
			validLoss, validAccuracy = append(validLoss, e.ValidLoss), append(validAccuracy, e.ValidAccuracy)
		}
	}
	pair := func(training, validation []float64) []draw.Series {
		s := []draw.Series{{Name: say("training"), X: epochs, Y: training, Color: draw.Green, Marker: true}}
		if len(validation) > 0 {
			s = append(s, draw.Series{Name: say("validation"), X: validated, Y: validation, Color: draw.Orange, Marker: true, Dash: true})
		}
		return s
	}
	alt := sayf("Training curves over %d epochs.", len(h)) + sayf(" Loss from %.4f to %.4f.", h[0].Loss, h[len(h)-1].Loss)
	losses := draw.Lines{Title: say("Training Loss"), XLabel: say("Epoch"), YLabel: say("Loss"), WholeX: true,
		Series: pair(loss, validLoss), Alt: alt}
	if h[len(h)-1].NoAccuracy {
		return losses.Draw()
	}
	shares := draw.Lines{Title: say("Accuracy"), XLabel: say("Epoch"), YLabel: say("Accuracy"), WholeX: true, Percent: true,
		Series: pair(accuracy, validAccuracy),
		Alt:    sayf(" Accuracy from %.1f %% to %.1f %%.", 100*h[0].Accuracy, 100*h[len(h)-1].Accuracy)}
	if best := h.Best(); best >= 0 {
		e := h[best]
		shares.Marks = []draw.Mark{{X: float64(e.Epoch), Y: e.ValidAccuracy, Name: sayf("best: epoch %d, %.1f %%", e.Epoch, 100*e.ValidAccuracy)}}
		shares.Alt += sayf(" Validation loss %.4f and accuracy %.1f %% at the end; best accuracy %.1f %% in epoch %d.",
			validLoss[len(validLoss)-1], 100*validAccuracy[len(validAccuracy)-1], 100*e.ValidAccuracy, e.Epoch)
	}
	return draw.Beside(losses, shares)
}
