package augment

import (
	"errors"
	"strings"
	"testing"
)

func TestParamErrors(t *testing.T) {
	for _, bad := range []Transform{
		RandomRotation{}, RandomRotation{Degrees: Span{-3}}, RandomRotation{Degrees: Span{5, 3}}, RandomRotation{Degrees: Span{45}, Interpolation: 9},
		CenterCrop{}, CenterCrop{Size: -1}, CenterCrop{Size: 3, Height: 3}, CenterCrop{Height: 3}, CenterCrop{Size: 1 << 20},
		RandomCrop{Size: 3, Padding: Border{1, 2, 3}}, RandomCrop{Size: 3, Padding: Border{-1}}, RandomCrop{Size: 3, Mode: 7}, RandomCrop{},
		Pad{}, Pad{Padding: Border{1}, Mode: -1}, RandomHorizontalFlip{P: 1.1}, RandomVerticalFlip{P: -0.1}, RandomGrayscale{P: 2},
		ColorJitter{Hue: Span{0.6}}, ColorJitter{Brightness: Span{-1}}, ColorJitter{Contrast: Span{2, 1}}, ColorJitter{Saturation: Span{1, 2, 3}},
		Resize{}, Resize{Size: 3, Width: 2}, Resize{Size: 3, Interpolation: -1}, RandomResizedCrop{}, RandomResizedCrop{Size: 3, Scale: Span{0.5}},
		RandomResizedCrop{Size: 3, Ratio: Span{0, 1}}, Normalize{}, Normalize{Std: [3]float64{1, 0, 1}}, RandomErasing{Scale: Span{0, 2}},
		RandomErasing{Value: Span{1, 2}}, RandomErasing{Value: Span{1}, Noise: true}, Cutout{}, Cutout{Length: 3, Holes: -1}, Compose{nil},
	} {
		var param *ParamError
		var s Sample
		s.Set(NewImage(4, 4))
		if err := Check(bad); !errors.As(err, &param) || param.Reason == "" {
			t.Errorf("%#v: Check gives %v", bad, err)
		}
		if err := bad.Apply(&s, NewRand(0, 0, 0)); !errors.As(err, &param) {
			t.Errorf("%#v: Apply gives %v", bad, err)
		}
	}
}

func TestStrings(t *testing.T) {
	for want, got := range map[string]Transform{
		"RandomErasing(p=0.5, value='random')": RandomErasing{Noise: true}, "RandomErasing(p=0.5, value=0.5)": RandomErasing{Value: Span{0.5}},
		"Cutout(n_holes=1, length=8)": Cutout{Length: 8}, "Compose([\n])": Compose{}, "Compose([\n    Compose([\n        ToTensor(),\n    ]),\n])": Compose{Compose{ToTensor{}}},
	} {
		if got.String() != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if (MixUp{}).String() != "MixUp(alpha=1)" || (CutMix{Alpha: 0.2}).String() != "CutMix(alpha=0.2)" {
		t.Error(MixUp{}, CutMix{Alpha: 0.2})
	}
	if text := LessonTrain().String(); strings.Count(text, "\n") != 9 {
		t.Error(text)
	}
}
