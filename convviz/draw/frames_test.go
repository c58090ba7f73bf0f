package draw_test

import (
	"bytes"
	"encoding/base64"
	"image/gif"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

// film has three frames: a text in each alone, one from the second on.
func film(t *testing.T) *draw.Film {
	t.Helper()
	c := draw.New(120, 60)
	for i := range 3 {
		c.InFrame(i, func() { c.Text(10, 20, "only "+strconv.Itoa(i), draw.Text{}) })
	}
	c.During(1, 2, func() { c.Text(10, 40, "later", draw.Text{}) })
	f, err := c.Film("a film", 0.5, []string{"one", "two <", "three"})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFilmShowsEachFrameInItsTime(t *testing.T) {
	f := film(t)
	all := picturetest.Parse(t, f.Animated)
	seen := map[string][]float64{} // keyTimes of the group that holds a text
	var times []float64
	for _, e := range all {
		switch {
		case e.Name == "animate":
			times = nil
			for _, s := range strings.Split(e.Attr["keyTimes"], ";") {
				v, err := strconv.ParseFloat(s, 64)
				if err != nil {
					t.Fatal(err)
				}
				times = append(times, v)
			}
			if e.Attr["dur"] != "1.5s" || times[0] != 0 || len(times) != len(strings.Split(e.Attr["values"], ";")) {
				t.Errorf("animation %v", e.Attr)
			}
		case e.Text != "":
			seen[e.Text] = times
		}
	}
	for text, want := range map[string]int{"only 0": 2, "only 1": 3, "only 2": 2, "later": 2} {
		if len(seen[text]) != want {
			t.Errorf("%q has times %v", text, seen[text])
		}
	}
	// The still picture is the last frame.
	if got := picturetest.Texts(picturetest.Check(t, f.Picture, nil)); strings.Join(got, ",") != "only 2,later" {
		t.Errorf("the last frame shows %v", got)
	}
}

func TestFilmInOtherFormats(t *testing.T) {
	f := film(t)
	data, err := f.GIF()
	if err != nil {
		t.Fatal(err)
	}
	g, err := gif.DecodeAll(bytes.NewReader(data))
	if err != nil || len(g.Image) != 3 || g.Delay[0] != 50 {
		t.Errorf("GIF: %v", err)
	}
	first, err := f.PNGFrame(0)
	if err != nil || bytes.Equal(first, f.PNG) {
		t.Errorf("frame 0 is the last one: %v", err)
	}
	if _, err := f.PNGFrame(3); err == nil {
		t.Error("frame 3 of 3")
	}
	html, err := f.Steps("id<", draw.StepWords{Step: "step", Of: "of"})
	if err != nil {
		t.Fatal(err)
	}
	rest := strings.ReplaceAll(html, `xmlns="http://www.w3.org/2000/svg"`, "")
	if strings.Contains(rest, "http") || strings.Count(rest, "src=") != strings.Count(rest, `src="data:`) {
		t.Error("the step-through fetches something")
	}
	// What is left without scripts is the still and no word.
	frames, err := f.Still()
	if err != nil || frames.Width != 3*f.Width+2*8 || frames.Height != f.Height {
		t.Fatalf("the still of three frames of %dx%d is %v: %v", f.Width, f.Height, frames, err)
	}
	still := regexp.MustCompile(`(?s)<script.*?</script>`).ReplaceAllString(html, "")
	words := strings.TrimSpace(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(still, ""))
	if png := base64.StdEncoding.EncodeToString(frames.PNG); words != "" || strings.Count(still, png) != 1 {
		t.Errorf("without scripts the step-through shows %q", words)
	}
	if strings.Count(html, "<li>") != 3 || strings.Contains(html, "two <<") || !strings.Contains(html, "id&lt;") {
		t.Error("the step-through's words are not all there, or not escaped")
	}
}

func TestBadFilms(t *testing.T) {
	c := draw.New(10, 10)
	if _, err := c.Film("a", 1, nil); err == nil {
		t.Error("a film without frames")
	}
	c.InFrame(1, func() { c.Circle(1, 1, 1, draw.Style{Fill: draw.Blue}) })
	if _, err := c.Film("a", 1, []string{"one"}); err == nil {
		t.Error("two frames, one text")
	}
	if _, err := c.Film("a", 0, []string{"one", "two"}); err == nil {
		t.Error("frames without time")
	}
	c.During(3, 2, func() {})
	if _, err := c.Picture("a"); err == nil {
		t.Error("frames backwards")
	}
	c = draw.New(10, 10)
	c.InFrame(1<<40, func() {})
	if _, err := c.Picture("a"); err == nil {
		t.Error("a film of years")
	}
}
