package convviz

import (
	"image"
	"image/color"
	"reflect"
	"testing"
)

func TestNumbers(t *testing.T) {
	got := Numbers([][]float32{{1, -0.5}, {}, {3}})
	if want := [][]float64{{1, -0.5}, {}, {3}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestPlanes(t *testing.T) {
	img := image.NewNRGBA(image.Rect(5, 7, 8, 9)) // corner not at 0
	img.Set(5, 7, color.NRGBA{255, 0, 51, 255})
	img.Set(7, 8, color.NRGBA{0, 255, 102, 255})
	got, err := Planes(img)
	if err != nil {
		t.Fatal(err)
	}
	want := [][][]float32{{{1, 0, 0}, {0, 0, 0}}, {{0, 0, 0}, {0, 0, 1}}, {{0.2, 0, 0}, {0, 0, 0.4}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, none := range []image.Image{nil, image.NewGray(image.Rect(3, 3, 3, 9))} {
		if _, err := Planes(none); err == nil {
			t.Errorf("planes of %v", none)
		}
	}
}

func TestSay(t *testing.T) {
	for lang, want := range map[string]string{"en": "grey", "zh": "灰度"} {
		t.Setenv("CONVLAB_LANG", lang)
		if got := Say("grey", "灰度"); got != want {
			t.Errorf("%s: got %s", lang, got)
		}
	}
}
