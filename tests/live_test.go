package tests

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"convlab/cnnlib"
	"convlab/convviz"
	"convlab/internal/labdir"
	"convlab/internal/skiptest"
)

var liveSettings = flag.Int("live", 8, "random settings of every kind that TestLiveInBrowser brings about; in full 300")

// liveSetting is what tests/browser/live.mjs brings about.
type liveSetting struct {
	Example  int           `json:"example"`
	Axes     int           `json:"axes,omitempty"`
	Channels int           `json:"channels"`
	N        int           `json:"n"`
	Layers   []liveChanges `json:"layers"`
	X        [][2]float64  `json:"x"` // which cell, as a share of all, and the number typed into it
	W        [][2]float64  `json:"w"`
	DY       [][2]float64  `json:"dy"`
	Picks    []float64     `json:"picks"` // cells to choose

	Z      []float64 `json:"z,omitempty"`
	Target int       `json:"target"`
}

// liveChanges are what is set of a layer; nil leaves it.
type liveChanges struct {
	Kind   string `json:"kind,omitempty"`
	Out    *int   `json:"out,omitempty"`
	K      *int   `json:"k,omitempty"`
	S      *int   `json:"s,omitempty"`
	P      *int   `json:"p,omitempty"`
	D      *int   `json:"d,omitempty"`
	OP     *int   `json:"op,omitempty"`
	G      *int   `json:"g,omitempty"`
	Causal bool   `json:"causal,omitempty"`
}

// liveRead is what the page then shows.
type liveRead struct {
	Axes      int
	Channels  int
	Layers    []liveLayer
	Problem   string
	Values    liveNumbers
	Gradients liveNumbers
	Picks     []livePick
	BackPicks []livePick
	Soft      *struct {
		Z, P, DZ, Power []string
		Loss, Formula   string
	}
}

type liveLayer struct {
	Kind                   string
	Out, K, S, P, D, OP, G int
	Causal                 bool
	Formula                string
}

type liveNumbers struct {
	Maps, Kernels [][]string
	Pads          []string
	Together      []string
}

type livePick struct {
	Chosen, Number, Sum, Reach string
	Rows                       [][]string
	Matrix                     []string
	Lit                        []int
	Drawn                      string
	On                         []string
}

const (
	chainExample   = 1 // three plain convolutions, which become anything
	spatialExample = 2
	flatExample    = 3
	softExample    = 4
)

// liveExamples are what the page opens; the settings go on from there.
func liveExamples() []convviz.Case {
	return []convviz.Case{
		{Layer: cnnlib.Conv{Out: 1, Kernel: 3}, Shape: []int{5, 5, 1}},
		{Layer: cnnlib.Sequential{cnnlib.Conv{Out: 1, Kernel: 3}, cnnlib.Conv{Out: 1, Kernel: 2}, cnnlib.Conv{Out: 1, Kernel: 2}}, Shape: []int{7, 7, 1}},
		{Layer: cnnlib.SpatialConv{Out: 1, Kernel: 3}, Shape: []int{5, 5, 1}},
		{Layer: cnnlib.FlattenedConv{Out: 2, Kernel: 3}, Shape: []int{4, 4, 3}},
		{Layer: cnnlib.SoftmaxLayer{}, Shape: []int{4}, Input: []float64{2, 1, 0, -1}},
	}
}

func randomSettings(rng *rand.Rand, n int) []liveSetting {
	pick := func(low, high int) *int { v := low + rng.IntN(high-low+1); return &v }
	typed := func() [][2]float64 {
		var all [][2]float64
		for range 3 {
			all = append(all, [2]float64{rng.Float64(), float64(rng.IntN(41)-20) / 2})
		}
		return all
	}
	var all []liveSetting
	add := func(s liveSetting) {
		s.X, s.W, s.DY, s.Picks = typed(), typed(), typed(), []float64{rng.Float64(), rng.Float64()}
		all = append(all, s)
	}
	for range n {
		for _, kind := range []string{"plain", "transposed", "depthwise", "grouped", "shuffled", "maxpool", "avgpool"} {
			s := liveSetting{Axes: *pick(1, 3), Channels: *pick(1, 4)}
			s.N = *pick(1, []int{0, 12, 6, 4}[s.Axes])
			layer := liveChanges{Kind: kind, Out: pick(1, 4), K: pick(1, []int{0, 5, 4, 3}[s.Axes]), S: pick(1, 3), P: pick(0, 2), D: pick(1, 2), OP: pick(0, 2), G: pick(1, 4), Causal: rng.IntN(3) == 0}
			if s.Axes == 3 {
				s.Channels, layer.Out = *pick(1, 2), pick(1, 2)
			}
			if kind == "grouped" || kind == "shuffled" { // of fewer channels a shuffle moves none
				s.Channels, layer.Out, layer.G = []int{4, 6}[rng.IntN(2)], []*int{pick(4, 4), pick(6, 6)}[rng.IntN(2)], pick(2, 3)
			}
			s.Layers = []liveChanges{layer}
			add(s)
		}
		chain := liveSetting{Example: chainExample, Axes: *pick(1, 2), N: *pick(6, 9), Channels: *pick(1, 2)}
		kinds := []string{"plain", "transposed", "depthwise", "grouped", "shuffled", "maxpool", "avgpool", "relu", "relu", "plain", "plain"}
		for range 3 {
			chain.Layers = append(chain.Layers, liveChanges{Kind: kinds[rng.IntN(len(kinds))], Out: pick(1, 2), K: pick(1, 3), S: pick(1, 2), P: pick(0, 1), D: pick(1, 2)})
		}
		add(chain)
		along := liveChanges{K: pick(1, 3), P: pick(0, 1), S: pick(1, 2)}
		add(liveSetting{Example: spatialExample, N: *pick(3, 7), Channels: *pick(1, 2), Layers: []liveChanges{along, along}})
		add(liveSetting{Example: flatExample, N: *pick(3, 5), Channels: *pick(1, 4), Layers: []liveChanges{{}, {K: pick(1, 3)}, {K: pick(1, 3)}}})
		soft := liveSetting{Example: softExample}
		for range 2 + rng.IntN(9) {
			soft.Z = append(soft.Z, float64(rng.IntN(161)-80)/10)
		}
		soft.Target = rng.IntN(len(soft.Z))
		add(soft)
	}
	return all
}

// TestLiveInBrowser brings live pictures into random settings of every kind by
// their controls, types numbers, goes back and forth and compares every number
// that is shown with cnnlib: values, gradients, products, running sums, sizes,
// costs, receptive fields and matrices.
func TestLiveInBrowser(t *testing.T) {
	if _, err := os.Stat(filepath.Join(labdir.Dir(), "browser", "node_modules")); err != nil {
		skiptest.Missing(t, "the browser")
	}
	t.Setenv("CONVLAB_LANG", "en")
	dir := t.TempDir()
	file, settingsFile, readFile := filepath.Join(dir, "live.html"), filepath.Join(dir, "settings.json"), filepath.Join(dir, "read.json")
	page, err := convviz.Live(liveExamples()...)
	if err := convviz.WritePage(file, page, err); err != nil {
		t.Fatal(err)
	}
	settings := randomSettings(rand.New(rand.NewPCG(18, 1)), *liveSettings)
	data, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(settingsFile, data, 0o666); err != nil {
		t.Fatal(err)
	}
	t.Log(command(t, time.Duration(5+*liveSettings/5)*time.Minute, []string{"CONVLAB_LAB=" + labdir.Dir()}, "node", "tests/browser/live.mjs", file, settingsFile, readFile))
	if data, err = os.ReadFile(readFile); err != nil {
		t.Fatal(err)
	}
	var read []liveRead
	if err := json.Unmarshal(data, &read); err != nil || len(read) != len(settings) {
		t.Fatalf("%v, %d of %d settings were read", err, len(read), len(settings))
	}
	b, err := cnnlib.OpenBackend()
	if err != nil {
		t.Fatal(err)
	}
	refused, compared := 0, 0
	for i, r := range read {
		c := &liveCheck{t: t, name: fmt.Sprintf("setting %d, %+v", i, r.Layers), read: r, setting: settings[i]}
		c.run(b.Backend)
		compared += c.compared
		if r.Problem != "" {
			refused++
		}
		if t.Failed() {
			t.Logf("%s", c.name)
			break
		}
	}
	t.Logf("%d settings, %d of them without an output, %d numbers compared", len(read), refused, compared)
	if compared < 100*len(read) || refused > len(read)/3 {
		t.Errorf("%d numbers in %d settings, %d refused: too little was compared", compared, len(read), refused)
	}
}

// liveCheck compares what the page shows in one setting.
type liveCheck struct {
	t        *testing.T
	name     string
	setting  liveSetting
	read     liveRead
	net      cnnlib.Sequential
	places   []*cnnlib.Place // one for each layer of the picture
	in       []int
	compared int
}

// number reads a number as the page writes it.
func number(s string) float64 {
	v, err := strconv.ParseFloat(strings.Trim(strings.ReplaceAll(s, "−", "-"), "()"), 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// close compares with the four digits that are shown, and with float32's
// rounding against scale.
func (c *liveCheck) close(what string, got string, want, scale float64) {
	c.t.Helper()
	c.compared++
	if v := number(got); !(math.Abs(v-want) <= 5.1e-4*math.Abs(want)+1e-5*math.Max(1, scale)) {
		c.t.Errorf("%s: the page shows %s, cnnlib computes %g", what, got, want)
	}
}

func (c *liveCheck) closeAll(what string, got []string, want []float64) {
	c.t.Helper()
	if len(got) != len(want) {
		c.t.Errorf("%s: the page shows %d numbers, cnnlib computes %d", what, len(got), len(want))
		return
	}
	scale := 0.0
	for _, v := range want {
		scale = max(scale, math.Abs(v))
	}
	for i := range got {
		c.close(fmt.Sprintf("%s, number %d", what, i), got[i], want[i], scale)
	}
}

var (
	formulaEnd = regexp.MustCompile(`= (-?\d+)$`)
	costs      = regexp.MustCompile(`(\d+) weights, (\d+) multiplications`)
	field      = regexp.MustCompile(`receptive field (\S+), jump (\S+)`)
	seesRange  = regexp.MustCompile(`(?:slices|rows|columns|positions) (\d+) to (\d+)`)
)
