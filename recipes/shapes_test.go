package recipes

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/train"
	"convlab/internal/labtest"
	"convlab/shapes"

	"github.com/gomlx/gomlx/core/tensors"
)

// short is a recipe on so few examples that a test can wait for it, with a
// checkpoint after every step.
func short(t *testing.T, name string) (Recipe, train.Dataset, train.Config) {
	t.Helper()
	r, err := Named(name)
	if err != nil {
		t.Fatal(err)
	}
	r.Epochs, r.BatchSize = 2, 8
	var data train.Dataset
	switch photos := smooth(20); name {
	case "segments":
		data = shapes.Segments{Photos: photos, N: 20, Seed: 1}
	case "moves":
		data = shapes.Moves{N: 20, Seed: 1}
	default:
		data = r.Images(photos, 1)
	}
	cfg := r.Config(1)
	cfg.SaveEvery = 1
	return r, data, cfg
}

// The variables that make a child process of TestKilledChild.
const killedFolder, killedRecipe = "CONVLAB_TEST_RECIPE_IN", "CONVLAB_TEST_RECIPE"

// TestKilledChild is the process that TestKilledRecipes kills: it says each
// step. In an ordinary run of the tests it does nothing.
func TestKilledChild(t *testing.T) {
	dir := os.Getenv(killedFolder)
	if dir == "" {
		return
	}
	r, data, cfg := short(t, os.Getenv(killedRecipe))
	cfg.Dir, cfg.OnStep = dir, func(s train.Step) { fmt.Println("step", s.Epoch, s.Done) }
	m, err := r.Model(labtest.XLA(t), nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := train.Fit(context.Background(), m, data, cfg); err != nil {
		t.Fatal(err)
	}
}

// TestKilledRecipes: networks that branch, and those for maps and clips, end
// with the same bits if a SIGKILL ends them in their fourth of six steps and
// they go on.
func TestKilledRecipes(t *testing.T) {
	xla := labtest.XLA(t)
	for _, name := range []string{"resnet20", "segments", "moves"} {
		t.Run(name, func(t *testing.T) {
			fit := func(dir string) *cnnlib.Model {
				t.Helper()
				r, data, cfg := short(t, name)
				cfg.Dir = dir
				m, err := r.Model(xla, nil, 1)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := train.Fit(context.Background(), m, data, cfg); err != nil {
					t.Fatal(err)
				}
				return m
			}
			dir := t.TempDir()
			cmd := exec.Command(os.Args[0], "-test.run=^TestKilledChild$")
			cmd.Env = append(os.Environ(), killedFolder+"="+dir, killedRecipe+"="+name)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(out)
			for range 4 {
				if !lines.Scan() || !strings.HasPrefix(lines.Text(), "step ") {
					t.Fatalf("the child says %q, want a step", lines.Text())
				}
			}
			cmd.Process.Kill() // SIGKILL
			cmd.Wait()
			resumed, whole := fit(dir), fit("")
			for v := range whole.Store().IterVariables() {
				got := tensors.MustCopyFlatData[float32]
				if v.DType().String() != "Float32" {
					continue
				}
				if !slices.Equal(got(v.MustValue()), got(resumed.Store().GetVariable(v.Path()).MustValue())) {
					t.Errorf("%s is another after the kill", v.Path())
				}
			}
		})
	}
}

// TestPartsDiffer: nothing that a drawn recipe is measured on has been trained
// on.
func TestPartsDiffer(t *testing.T) {
	photos := smooth(20)
	for _, r := range []Recipe{Segments(), Moves()} {
		var first [][]uint8
		for _, p := range []Part{Training, Validation, Test} {
			switch d := r.Examples(photos, p).(type) {
			case shapes.Segments:
				pixels, _ := d.Pair(0, 0)
				first = append(first, pixels)
			case shapes.Moves:
				pixels, _ := d.Example(0)
				first = append(first, pixels)
			}
		}
		if len(first) != 3 || slices.Equal(first[0], first[1]) || slices.Equal(first[0], first[2]) || slices.Equal(first[1], first[2]) {
			t.Errorf("%s: the parts begin with the same example", r.Name)
		}
		if r.Classifies() {
			t.Errorf("%s is said to give CIFAR-10's classes", r.Name)
		}
	}
	r := Plain()
	if got, ok := r.Examples(photos, Test).(*cifar.Images); !ok || got != photos || !r.Classifies() {
		t.Error("plain is measured on something else than the images")
	}
}
