package lesson

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/convviz"
	"convlab/internal/fastmode"
	"convlab/internal/labtest"
)

func TestMain(m *testing.M) {
	exit = func(code int) { panic(code) }
	os.Exit(m.Run())
}

func ExampleApply() {
	photo := Rows("1 2 0 1; 0 1 3 1; 2 1 0 0; 1 0 2 3")
	edge := Rows("1 0 -1; 2 0 -2; 1 0 -1")
	fmt.Println(Apply(cnnlib.Conv{}, photo, edge))
	// Output:
	// -3  2
	//  0 -1
}

func ExampleApply_transposed() {
	fmt.Println(Apply(cnnlib.TransposedConv{}, Rows("1 2; 3 4"), Rows("1 2 3; 4 5 6; 7 8 9")))
	// Output:
	//  1  4  7  6
	//  7 23 33 24
	// 19 53 63 42
	// 21 52 59 36
}

func ExampleApplyAll() {
	x := Maps{Rows("1 2; 3 4"), Rows("5 6; 7 8")}
	fmt.Println(ApplyAll(cnnlib.Conv{Groups: 2}, x, Maps{Rows("10")}, Maps{Rows("-1")}))
	// Output:
	// 10 20  |  -5 -6
	// 30 40  |  -7 -8
}

func ExampleShuffled() {
	fmt.Println(Shuffled(12, 3))
	// Output: [0 4 8 1 5 9 2 6 10 3 7 11]
}

// TestApply compares with the definition on kernels that are not square.
func TestApply(t *testing.T) {
	x := Digits(7)
	for _, kernel := range []Map{uneven, Rows("1 2"), Rows("3; -1; 2")} {
		for stride := 1; stride <= 3; stride++ {
			got := Apply(cnnlib.Conv{Stride: stride}, x, kernel)
			want := slid(x, kernel, stride, func(a, b int) float32 { return kernel[a][b] })
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("stride %d:\n%v\nwant\n%v", stride, got, want)
			}
		}
	}
	if same := Apply(cnnlib.Conv{Same: true}, x, Rows("1 2")); len(same) != 7 || len(same[0]) != 7 {
		t.Errorf("Same gives %d rows", len(same))
	}
}

func TestVolume(t *testing.T) {
	y := ApplyVolume(cnnlib.Conv{}, Maps{Digits(5), Counting(5), Digits(5), Counting(5), Digits(5)}, Maps{uneven, uneven, uneven})
	if len(y) != 3 || len(y[0]) != 3 || len(y[0][0]) != 3 {
		t.Errorf("%v", y)
	}
	sum := ApplyAll(cnnlib.Conv{}, Maps{Digits(5), Counting(5), Digits(5)}, Maps{uneven, uneven, uneven})[0]
	if fmt.Sprint(sum) != fmt.Sprint(y[0]) {
		t.Errorf("slice 0 is %v, as channels it is %v", y[0], sum)
	}
}

// TestOneSentence: a wrong call ends with one sentence in the student's
// language.
func TestOneSentence(t *testing.T) {
	chineseOnly := regexp.MustCompile(`\p{Han}`)
	for name, c := range map[string]struct {
		call func()
		want string
	}{
		"word":       {func() { Rows("1 2; 3 x") }, `row 1: "x" is not a number`},
		"ragged":     {func() { Rows("1 2; 3") }, "row 1 has 1 numbers, row 0 has 2"},
		"empty":      {func() { Rows("") }, "there are no numbers in it"},
		"large":      {func() { Apply(cnnlib.Conv{}, Digits(2), uneven) }, "window spans 3 pixels, but the padded input has only 2"},
		"dilated":    {func() { Film(cnnlib.Conv{Dilation: 3}, Digits(5), uneven) }, "window spans 7 pixels, but the padded input has only 5"},
		"nothing":    {func() { Apply(cnnlib.TransposedConv{Padding: 2}, Digits(2), uneven) }, "padding 2 before and 2 after leaves 0 of the 4 stamped pixels"},
		"negative":   {func() { Apply(cnnlib.Conv{Padding: -1}, Digits(5), uneven) }, "padding must not be negative"},
		"stride":     {func() { Apply(cnnlib.Conv{Stride: -1}, Digits(5), uneven) }, "stride must be at least 1, got -1"},
		"groups":     {func() { ApplyAll(cnnlib.Conv{Groups: 2}, Maps{uneven, uneven, uneven}, Maps{uneven}) }, "3 input channels cannot be split into 2 groups"},
		"outputs":    {func() { ApplyAll(cnnlib.Conv{Groups: 2}, Maps{uneven, uneven}, Maps{uneven}) }, "1 output channels cannot be split into 2 groups"},
		"slices":     {func() { ApplyAll(cnnlib.Conv{}, Maps{uneven, uneven}, Maps{uneven}) }, "the kernel has 1 slices, but it reads 2 channels"},
		"sizes":      {func() { ApplyAll(cnnlib.Conv{}, Maps{uneven, Digits(2)}, Maps{uneven, uneven}) }, "map 1 is 2x2, map 0 is 3x3"},
		"no kernel":  {func() { ApplyAll(cnnlib.Conv{}, Maps{uneven}) }, "there is no kernel"},
		"layer":      {func() { Apply(cnnlib.ReLU{}, uneven, uneven) }, "got cnnlib.ReLU"},
		"shuffle":    {func() { Shuffled(12, 5) }, "12 channels cannot be split into 5 groups"},
		"name":       {func() { Must(cnnlib.ClassicKernel("blur")) }, `there is no kernel "blur"; there are`},
		"long film":  {func() { Film(cnnlib.Conv{}, Digits(20), uneven) }, "take a smaller input"},
		"photo":      {func() { Photo(10000) }, "there is no photo 10000"},
		"cut":        {func() { Maps{Digits(5)}.Cut(3, 0, 3) }, "are not all in an image of 5x5"},
		"minus":      {func() { Digits(5).Minus(Digits(4)) }, "5x5 minus 4x4"},
		"no pixels":  {func() { Filled(0, 3, 1) }, "an image of 0x3 has no pixels"},
		"flatten":    {func() { Costs([]int{8, 8, 3}, cnnlib.Dense{Out: 2}) }, "put a Flatten before it"},
		"sequential": {func() { Costs([]int{8, 8, 12}, cnnlib.Conv{Out: 12, Kernel: 3, Groups: 5}) }, "layer 0 (Conv 12@3x3 g5): 12 input channels cannot be split into 5 groups"},
	} {
		if name == "photo" {
			labtest.Data(t)
		}
		for _, lang := range []string{"en", "zh"} {
			t.Setenv("CONVLAB_LANG", lang)
			said := ended(t, c.call)
			if lang == "en" && !strings.Contains(said, c.want) {
				t.Errorf("%s: %q, want %q", name, said, c.want)
			}
			if strings.Count(said, "\n") != 1 {
				t.Errorf("%s: not one line: %q", name, said)
			}
			if lang == "zh" {
				rest := regexp.MustCompile(`cnnlib\.\w+|"[^"]*"|\b(Trans|Sep|Spat|Flat|Depth)?[A-Z]\w*( \d+@\w+)?( [a-z]\d+)*|\d+x\d+|\[[^]]*\]|Same|Axes|Flatten`).ReplaceAllString(said, "")
				if !chineseOnly.MatchString(said) || regexp.MustCompile(`[A-Za-z]{2,}`).MatchString(rest) {
					t.Errorf("%s: not Chinese: %q", name, said)
				}
			}
		}
	}
}

// ended is what is said when a call ends the cell.
func ended(t *testing.T, call func()) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stderr
	os.Stderr = w
	func() {
		defer func() {
			if code := recover(); code != 1 {
				t.Errorf("the cell ended with %v", code)
			}
		}()
		call()
	}()
	os.Stderr = old
	w.Close()
	said := make([]byte, 4096)
	n, _ := r.Read(said)
	r.Close()
	return string(said[:n])
}

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

func TestPictures(t *testing.T) {
	for _, lang := range []string{"en", "zh"} {
		t.Setenv("CONVLAB_LANG", lang)
		g, err := gallery(2, []Shot{{"a\nb", uneven.Grey(0, 9)}, {"c", uneven.Grey(0, 9)}, {"d", uneven.Grey(0, 9)}})
		if err != nil || !strings.Contains(g.Alt, "a b") {
			t.Errorf("%v, %v", g, err)
		}
		l, err := lineChart("T", "x", false, []Line{{Name: "one", Y: []float64{1, 2}}})
		if err != nil || !strings.Contains(l.Alt, "one") {
			t.Errorf("%v, %v", l, err)
		}
		if lang == "zh" && regexp.MustCompile(`[A-Za-z]{4,}`).MatchString(g.Alt+l.Alt) {
			t.Errorf("not Chinese: %q, %q", g.Alt, l.Alt)
		}
	}
	Tables(Table{Title: "a", Map: uneven, Range: 9}, Table{Title: "b", Map: uneven})
	Bars(Chart{Title: "a", Labels: []string{"x"}, Values: []float64{1}}, Chart{Title: "b", Labels: []string{"x"}, Values: []float64{2}})
	Lines("t", "x", Line{Name: "n", Y: []float64{1, 2}})
	Shares("t", "x", Line{Name: "n", Y: []float64{0.1, 1}})
	Gallery(3, Shot{"a", uneven.Grey(0, 9)})
	Show(convviz.Coverage(3, 1, 2))
}

func TestModels(t *testing.T) {
	m := Open(nets.LeNet())
	if got := len(Run(m)); got != 10 {
		t.Errorf("%d logits", got)
	}
	small := Open(cnnlib.Sequential{cnnlib.Conv{Out: 2, Kernel: 3}}, 5, 5, 1)
	if w := Weight(small, "0", "weight"); len(w) != 18 {
		t.Errorf("%d weights", len(w))
	}
	if a := Apart(Run(small), Run(small)); a != 0 {
		t.Errorf("two runs are %g apart", a)
	}
	if s := Sees([]int{32, 32, 1}, Stacked(1, 3)...); s != 7 {
		t.Errorf("three layers see %d", s)
	}
	if c := Costs([]int{32, 32, 3}, cnnlib.Conv{Out: 6, Kernel: 3}); c.Params != 168 {
		t.Errorf("%d params", c.Params)
	}
	if n, of := Touched(2, 2, 2); n != 49 || of != 169 {
		t.Errorf("%d of %d", n, of)
	}
	if got := Connected(12, 6, 2, true); got < 0.33 || got > 0.34 {
		t.Errorf("%g connected", got)
	}
	if rows := Compare([]int{8, 8, 2}, A("a", cnnlib.Conv{Out: 2, Kernel: 3}), A("b", cnnlib.Conv{Out: 2, Kernel: 1})); len(rows.Rows) != 2 {
		t.Errorf("%+v", rows)
	}
}

func TestPhoto(t *testing.T) {
	labtest.Data(t)
	p := Photo(102)
	want := ApplyAll(cnnlib.Conv{}, p.Planes(), Maps{{{0.299}}, {{0.587}}, {{0.114}}})[0]
	if off := (Maps{p.Brightness().Minus(want)}).Largest(); off > 1e-6 {
		t.Errorf("brightness is off by %g", off)
	}
	if cut := p.Planes().Cut(5, 8, 5).Whole(9); len(cut) != 3 || len(cut[0]) != 5 || cut.Largest() > 9 {
		t.Errorf("%v", cut)
	}
}

func TestRecognise(t *testing.T) {
	labtest.Data(t)
	t.Setenv("CONVLAB_LANG", "zh")
	m := Open(nets.LeNet())
	Recognise(m, "")
	if got := Class(6); got != "青蛙" {
		t.Errorf("class 6 is %q", got)
	}
	if said := ended(t, func() { Recognise(m, "none.jpg") }); !strings.Contains(said, "none.jpg") || strings.Count(said, "\n") != 1 {
		t.Errorf("%q", said)
	}
	t.Setenv("CONVLAB_RUNS", t.TempDir())
	fastmode.Set(true)
	defer fastmode.Set(false)
	small := cnnlib.Sequential{cnnlib.Conv{Out: 2, Kernel: 5, Stride: 4}, cnnlib.ReLU{}, cnnlib.Flatten{}, cnnlib.Dense{Out: 10}}
	first := Run(Trained("test", small, 1))
	if again := Apart(first, Run(Trained("test", small, 1))); again != 0 {
		t.Errorf("the network that was opened again gives numbers %g apart", again)
	}
	if share := Right(Open(small)); share < 0.02 || share > 0.3 {
		t.Errorf("an untrained network is right on %g", share)
	}
}

func TestCostTable(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "zh")
	table := costTable(Costs(nets.CIFARInput(), nets.LessonNet()...))
	for _, want := range []string{"<td>11,585,546</td>", "<th>11,585,546</th>", "<th>18,552,192</th>", "感受野", "<td>10</td>"} {
		if strings.Contains(table, want) == (want == "<td>11,585,546</td>") {
			t.Errorf("%q in\n%s", want, table)
		}
	}
}

func TestTimes(t *testing.T) {
	m := Open(cnnlib.Sequential{cnnlib.Conv{Out: 2, Kernel: 3}, cnnlib.ReLU{}}, 5, 5, 1)
	ms := LayerTimes(m, 2)
	if len(ms) != 2 || ms[0] <= 0 || ms[1] <= 0 {
		t.Errorf("%v", ms)
	}
	if got := fmt.Sprint(Through(cnnlib.ReLU{}, Rows("-1 2; 3 -4"))); got != "0 2\n3 0" {
		t.Errorf("%q", got)
	}
	t.Setenv("CONVLAB_LANG", "en")
	if said := ended(t, func() { Through(cnnlib.Conv{Out: 1, Kernel: 1}, uneven) }); !strings.Contains(said, "has weights") {
		t.Errorf("%q", said)
	}
	labtest.Data(t)
	if got := len(TestPixels(3)); got != 3*3072 {
		t.Errorf("%d bytes", got)
	}
}
