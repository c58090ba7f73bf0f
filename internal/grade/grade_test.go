package grade

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	Inside()
	if checkout := os.Getenv(leftBehind); checkout != "" {
		w, err := openWorkshop(checkout)
		fmt.Println("opened:", err)
		io.Copy(io.Discard, os.Stdin) // until it is killed
		w.close()
		return
	}
	os.Exit(m.Run())
}

// checkout is that of this package.
func checkout(t testing.TB) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// grader is one with short limits, for the course.
func grader(t testing.TB, o Options) *Grader {
	t.Helper()
	if o.Limits == (Limits{}) {
		o.Limits = Limits{Time: 10 * time.Second, Memory: 512 << 20}
	}
	g, err := New(checkout(t), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return g
}

// handIn writes a notebook of the course in which a student has put these answers:
// by the name of the function that they are for.
func handIn(t testing.TB, file, of string, answers map[string]string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(checkout(t), "notebooks", of))
	if err != nil {
		t.Fatal(err)
	}
	var book map[string]any
	if err := json.Unmarshal(content, &book); err != nil {
		t.Fatal(err)
	}
	given := 0
	for _, c := range book["cells"].([]any) {
		c := c.(map[string]any)
		var source strings.Builder
		for _, line := range c["source"].([]any) {
			source.WriteString(line.(string))
		}
		m := regexp.MustCompile(`(?m)^func (\w+)\((?s:.*)^%test`).FindStringSubmatch(source.String())
		if m != nil && answers[m[1]] != "" {
			c["source"] = answers[m[1]]
			given++
		}
	}
	if given != len(answers) {
		t.Fatalf("%s has %d of the exercises %v", of, given, answers)
	}
	content, err = json.Marshal(book)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

const (
	rightSize = "func OutputSize(n, k, s, p int) int {\n\treturn (n+2*p-k)/s + 1\n}\n\nfunc TestOutputSize(t *testing.T) {}\n\n%test\n"
	rightSame = "// my own\nfunc half(x int) int { return x / 2 }\n\nfunc SamePadding(k, d int) int { return half(d * (k - 1)) }\n%test"
	rightMap  = `import "convlab/notebooks/lesson"
func Convolve(x, kernel lesson.Map, stride int) lesson.Map {
	k := len(kernel)
	out := lesson.Map{}
	for i := 0; i+k <= len(x); i += stride {
		row := []float32{}
		for j := 0; j+k <= len(x[0]); j += stride {
			sum := float32(0)
			for a := range kernel {
				for b := range kernel[a] {
					sum += x[i+a][j+b] * kernel[a][b]
				}
			}
			row = append(row, sum)
		}
		out = append(out, row)
	}
	return out
}
%test
%%
fmt.Println("tried")`
)

// TestPoints: right, partly right and empty notebooks of both languages have the
// points that they earn, and each answer its feedback.
func TestPoints(t *testing.T) {
	g := grader(t, Options{Points: map[string]float64{"1.1/Convolve": 3}})
	for name, c := range map[string]struct {
		of      string
		answers map[string]string
		points  float64
		says    map[string]string // by exercise, a regular expression
	}{
		"right": {"en/1.1-convolution.ipynb", map[string]string{"OutputSize": rightSize, "SamePadding": rightSame, "Convolve": rightMap}, 5, nil},
		"partly": {"en/1.1-convolution.ipynb", map[string]string{
			"OutputSize":  strings.Replace(rightSize, " + 1", "", 1),
			"SamePadding": rightSame, "Convolve": strings.Replace(rightMap, "sum :=", "sum =", 1),
		}, 1, map[string]string{"OutputSize": "you give .*, right is", "Convolve": "line 8: undefined: sum"}},
		"empty":   {"en/1.1-convolution.ipynb", nil, 0, map[string]string{"OutputSize": "^Not written yet"}},
		"chinese": {"zh/1.1-convolution.ipynb", map[string]string{"OutputSize": strings.Replace(rightSize, " + 1", "", 1)}, 0, map[string]string{"OutputSize": "你的结果是", "SamePadding": "还没有写"}},
		"panics":  {"en/1.1-convolution.ipynb", map[string]string{"OutputSize": "func OutputSize(n, k, s, p int) int { return []int{1}[n] }"}, 0, map[string]string{"OutputSize": "index out of range"}},
		"another type": {"en/1.1-convolution.ipynb", map[string]string{"OutputSize": "func OutputSize(n, k, s, p float64) float64 { return math.Floor((n+2*p-k)/s) + 1 }"}, 0,
			map[string]string{"OutputSize": "does not compile: cannot convert"}},
		"calls another": {"en/1.1-convolution.ipynb", map[string]string{
			"OutputSize": rightSize, "SamePadding": "func SamePadding(k, d int) int { return (OutputSize(k, 1, 1, 0) - 1) * d / 2 + 0*outputSize(1, 1, 1, 1, 1) }",
		}, 2, nil},
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			file := filepath.Join(t.TempDir(), name+".ipynb")
			handIn(t, file, c.of, c.answers)
			got, err := g.Grade(t.Context(), Found{Student: name, Path: file})
			if err != nil {
				t.Fatal(err)
			}
			if points, of := got.Sum(); points != c.points || of != 5 || got.Problem != "" {
				t.Errorf("%g of %g points, want %g of 5: %+v", points, of, c.points, got)
			}
			for _, m := range got.Marks {
				if want, ok := c.says[strings.TrimPrefix(m.Name, "1.1/")]; ok && !regexp.MustCompile(want).MatchString(m.Feedback) {
					t.Errorf("%s: feedback %q, want %q", m.Name, m.Feedback, want)
				}
			}
		})
	}
}

// TestStopped: grading ends when its context does.
func TestStopped(t *testing.T) {
	g := grader(t, Options{})
	file := filepath.Join(t.TempDir(), "li.ipynb")
	handIn(t, file, "en/1.1-convolution.ipynb", nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := g.Grade(ctx, Found{Student: "li", Path: file}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
}

func TestUnknownExercise(t *testing.T) {
	_, err := New(checkout(t), Options{Points: map[string]float64{"1.1/Nothing": 2}})
	if err == nil || !strings.Contains(err.Error(), `there is no exercise "1.1/Nothing"`) {
		t.Errorf("error %v", err)
	}
}

// TestDocumentedExercises: the exercises that the teacher's page names are there, by these
// names, and as many as it says.
func TestDocumentedExercises(t *testing.T) {
	books, err := openCourse(checkout(t))
	if err != nil {
		t.Fatal(err)
	}
	names, all := map[string]bool{}, 0
	for _, b := range books {
		for _, e := range b.exercises {
			names[b.part+"/"+e.name] = true
			all++
		}
	}
	for _, file := range []string{"teaching.md", "teaching.zh.md"} {
		text, err := os.ReadFile(filepath.Join(checkout(t), "docs", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`\b\d\.\d/[A-Z]\w+`).FindAllString(string(text), -1) {
			if !names[name] {
				t.Errorf("%s names %s, which is no exercise", file, name)
			}
		}
		if !strings.Contains(string(text), fmt.Sprint(all/2)) {
			t.Errorf("%s does not say that there are %d exercises", file, all/2)
		}
	}
}
