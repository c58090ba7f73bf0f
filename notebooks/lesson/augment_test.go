package lesson

import (
	"image"
	"strings"
	"testing"

	"convlab/augment"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/train"
	"convlab/convviz"
	"convlab/internal/labtest"
)

func TestAugmentShows(t *testing.T) {
	labtest.Data(t)
	img := Example(4)
	if img.W != 32 || len(img.Pix) != 3072 {
		t.Errorf("%dx%d", img.W, img.H)
	}
	if said := ended(t, func() { Example(50000) }); !strings.Contains(said, "no image 50000") {
		t.Errorf("%q", said)
	}
	if big := Photograph("", 320); big.W != 320 || big.H != 320 {
		t.Errorf("%dx%d", big.W, big.H)
	}
	Strips(32, Strip{"a", Draws(augment.RandomHorizontalFlip{}, img, 3)}, Strip{"b", []image.Image{img.Std()}})
	Strengths(img)
	Curves(Curve{"a", train.History{{Epoch: 1, Loss: 2, ValidLoss: 2.5, Accuracy: 0.5, ValidAccuracy: 0.4}}})
	if _, err := convviz.Activations(Open(nets.LeNet()), Pixels(0)); err != nil {
		t.Error(err)
	}
}
