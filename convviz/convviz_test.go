package convviz

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/train"
	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

// look saves pictures to open by eye, if LOOK names a folder.
func look(t *testing.T, name string, p *Picture) {
	t.Helper()
	if dir := os.Getenv("LOOK"); dir != "" && p != nil {
		if err := p.Write(filepath.Join(dir, name+"-"+Language())); err != nil {
			t.Fatal(err)
		}
	}
}

// inBoth runs a test with English and with Chinese labels.
func inBoth(t *testing.T, test func(t *testing.T)) {
	for _, lang := range []string{"en", "zh"} {
		t.Run(lang, func(t *testing.T) {
			t.Setenv("CONVLAB_LANG", lang)
			test(t)
		})
	}
}

func history(epochs int) train.History {
	rng := rand.New(rand.NewPCG(7, uint64(epochs)))
	var h train.History
	for i := range epochs {
		h = append(h, train.Epoch{Epoch: i + 1, Loss: 2.3 / float64(i+1), Accuracy: 0.1 + 0.4*float64(i)/float64(epochs), Validated: true,
			ValidLoss: 2.2/float64(i+1) + 0.1*rng.Float64(), ValidAccuracy: 0.2 + 0.3*rng.Float64()})
	}
	return h
}

func TestCurves(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		h := history(9)
		p, err := Curves(h)
		all := picturetest.Check(t, p, err)
		look(t, "curves", p)
		texts := picturetest.Texts(all)
		best := h[h.Best()]
		want := fmt.Sprintf("best: epoch %d, %.1f %%", best.Epoch, 100*best.ValidAccuracy)
		if Language() == "zh" {
			want = fmt.Sprintf("最佳：第 %d 轮，%.1f %%", best.Epoch, 100*best.ValidAccuracy)
		} else {
			for _, label := range []string{"Training Loss", "Epoch", "Loss", "Accuracy"} {
				if !slices.Contains(texts, label) {
					t.Errorf("no label %q in %v", label, texts)
				}
			}
		}
		if !slices.Contains(texts, want) {
			t.Errorf("no %q in %v", want, texts)
		}
		// The first line of the first panel is green, with a marker per epoch.
		green := 0
		for _, e := range picturetest.Of(all, "circle") {
			if e.Attr["fill"] == "#009e73" && e.Float(t, "r") == 4 {
				green++
			}
		}
		if green != 2*len(h) {
			t.Errorf("%d green markers for two lines of %d epochs", green, len(h))
		}
	})
	one := train.History{{Epoch: 1, Loss: math.Inf(1), Accuracy: math.NaN()}}
	if _, err := Curves(one); err == nil {
		t.Error("a curve without numbers")
	}
	if _, err := Curves(nil); err == nil {
		t.Error("a curve without epochs")
	}
	p, err := Curves(history(500))
	picturetest.Check(t, p, err)
	images := history(3)
	for i := range images {
		images[i].NoAccuracy = true
	}
	p, err = Curves(images)
	if texts := picturetest.Texts(picturetest.Check(t, p, err)); slices.Contains(texts, "Accuracy") || !slices.Contains(texts, "Loss") {
		t.Errorf("without accuracy: %v", texts)
	}
}

func TestNetwork(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		for name, net := range map[string]cnnlib.Sequential{"3.1": nets.LeNet(), "3.2": nets.LessonNet()} {
			p, err := Network(net, nets.CIFARInput())
			all := picturetest.Check(t, p, err)
			look(t, "network"+name[2:], p)
			texts := strings.Join(picturetest.Texts(all), "\n")
			sum, err := net.Summary(nets.CIFARInput())
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range sum.Rows {
				if !strings.Contains(texts, row.Layer) {
					t.Errorf("%s: no layer %s in %s", name, row.Layer, texts)
				}
			}
			for _, want := range map[string][]string{"3.1": {"81,302", "371,856", "30x30x6", "13x13x16", "576"},
				"3.2": {"11,585,546", "18,552,192", "4608", "36,992"}}[name] {
				if !strings.Contains(texts, want) {
					t.Errorf("%s: no %s in %s", name, want, texts)
				}
			}
		}
		p, err := Network(nets.LeNet(), nets.CIFARInput())
		picturetest.Check(t, p, err)
		picturetest.Golden(t, "network-"+Language(), p.PNG)
	})
	if _, err := Network(nil, nets.CIFARInput()); err == nil {
		t.Error("a drawing of no network")
	}
	if _, err := Network(nets.LeNet(), []int{4, 4, 3}); err == nil {
		t.Error("a drawing of a network that its input does not fit")
	}
}

func picture(seed int) image.Image {
	s := &cifar.Images{Pixels: make([]uint8, 3072), Labels: []uint8{0}}
	for i := range s.Pixels {
		s.Pixels[i] = uint8(i*seed + i/96*3)
	}
	return s.Image(0)
}

func TestWordsAreInTheFont(t *testing.T) {
	for english, s := range chinese {
		c := draw.New(10, 10)
		c.Text(0, 0, s, draw.Text{})
		p, err := c.Picture("a")
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(p.SVG, "<text") && strings.ContainsFunc(s, func(r rune) bool { return r > 0x2e80 }) {
			t.Errorf("%q is not all in the embedded font: run convviz/draw/font/subset.py", s)
		}
		if verbs(english) != verbs(s) {
			t.Errorf("%q and %q take different values", english, s)
		}
	}
}

// TestNotebookLabelsAreInTheFont: the notebooks' own labels are drawn too.
func TestNotebookLabelsAreInTheFont(t *testing.T) {
	sources, err := filepath.Glob("../notebooks/src/*.md")
	if err != nil || len(sources) == 0 {
		t.Fatalf("no notebooks: %v", err)
	}
	said := regexp.MustCompile(`convviz\.Say\("[^"]*", "([^"]*)"\)|"[^"\n]*«[^|»]*\|([^»]*)»`)
	labels := 0
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		drawn := regexp.MustCompile(`(?m)^.*fmt\.Print.*$`).ReplaceAllString(string(text), "") // printed text has the page's fonts
		for _, label := range said.FindAllStringSubmatch(drawn, -1) {
			labels++
			said := label[1] + label[2]
			c := draw.New(10, 10)
			c.Text(0, 0, said, draw.Text{})
			p, err := c.Picture("a")
			if err != nil || strings.Contains(p.SVG, "<text") && strings.ContainsFunc(said, func(r rune) bool { return r > 0x2e80 }) {
				t.Errorf("%s: %q is not all in the embedded font: run convviz/draw/font/subset.py (%v)", source, said, err)
			}
		}
	}
	if labels == 0 {
		t.Error("no label found")
	}
}

func verbs(s string) string {
	var out []string
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+1 < len(s) && strings.ContainsAny(s[i+1:], "dsfg%") {
			j := i + 1 + strings.IndexAny(s[i+1:], "dsfg%")
			out = append(out, s[i:j+1])
			i = j
		}
	}
	return strings.Join(out, " ")
}

func TestShowAndWrite(t *testing.T) {
	if err := Show(Curves(nil)); err == nil {
		t.Error("the error of the picture is lost")
	}
	if err := Show(nil); err == nil {
		t.Error("no picture was shown")
	}
	p, err := Curves(history(3))
	if err := Show(p, err); err != nil {
		t.Error(err)
	}
	file := filepath.Join(t.TempDir(), "new", "curves")
	if err := Write(file, p, err); err != nil {
		t.Fatal(err)
	}
	for _, ending := range []string{".svg", ".png"} {
		if _, err := os.Stat(file + ending); err != nil {
			t.Error(err)
		}
	}
	film, err := band.Film()
	for _, ending := range []string{".svg", ".png", ".gif", ".html"} {
		if err := WriteFilm(file+"-film"+ending, film, err); err != nil {
			t.Error(err)
		}
	}
	if err := WriteFilm(file+".mp4", film, err); err == nil {
		t.Error("an MP4 was written")
	}
	if err := Write(file+".jpg", p); err == nil {
		t.Error("a JPEG was written")
	}
}

func TestWatchOutsideIsSilent(t *testing.T) {
	w := NewWatch()
	s := train.Step{Epoch: 2, Epochs: 5, Done: 88, Steps: 176, Rate: 1234.4, Loss: 1.5, Left: 3723 * time.Second}
	w.OnStep(s)
	w.OnEpoch(history(2))
	if w.Err() != nil {
		t.Error(w.Err())
	}
	t.Setenv("CONVLAB_LANG", "en")
	if got := barText(s); got != "epoch 2 of 5 · step 88 of 176 · loss 1.5000 · 1,234 images/s · 1:02:03 left" {
		t.Error(got)
	}
	if got := barHTML(s); !strings.Contains(got, `value="0.3000"`) {
		t.Error(got)
	}
}
