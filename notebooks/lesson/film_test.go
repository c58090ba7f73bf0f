package lesson

import (
	"testing"

	"convlab/cnnlib"
)

// TestFilms: what a film shows is compared with the library's numbers when it
// is drawn.
func TestFilms(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	Film(cnnlib.Conv{Stride: 2, Padding: 1}, Digits(5), uneven)
	Film(cnnlib.TransposedConv{Stride: 2}, Digits(3), uneven)
	FilmPlain(cnnlib.TransposedConv{Stride: 2}, Digits(3), uneven)
	FilmMatrix(cnnlib.Conv{}, Digits(4), uneven)
	FilmAll(cnnlib.Conv{Groups: 2}, Maps{Digits(4), Counting(4)}, Maps{uneven}, Maps{uneven})
	FilmColours(cnnlib.Conv{}, Maps{Digits(4), Counting(4), Digits(4)}, Maps{uneven, uneven, uneven}, -20)
	FilmVolume(cnnlib.Conv{}, Maps{Digits(4), Counting(4), Digits(4)}, Maps{uneven, uneven})
}
