package recipes

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestKept: the runs in folder runs are read, and its README tells their figures.
func TestKept(t *testing.T) {
	readme, err := os.ReadFile("runs/README.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("runs/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		r, err := Kept(name)
		if err != nil {
			t.Fatal(err)
		}
		// A run of the same recipe under other conditions has a name that goes on.
		if recipe, _, _ := strings.Cut(name, "-"); r.Recipe != recipe || len(r.History) != r.Epochs || r.Epochs == 0 || !(r.Low < r.Accuracy && r.Accuracy < r.High) {
			t.Errorf("%s: %+v", file, r)
		}
		row := fmt.Sprintf("| `%s` | %.2f %%, %.2f to %.2f %% | %.2f %% | %d | %.0f | %d |", name, 100*r.Accuracy, 100*r.Low, 100*r.High,
			100*r.History[r.Epochs-1].Accuracy, r.Epochs, r.Seconds/60, r.Seed)
		if !strings.Contains(string(readme), row) {
			t.Errorf("runs/README.md has no row %s", row)
		}
		for _, beside := range []string{".log", ".png"} {
			if info, err := os.Stat("runs/" + name + beside); err != nil || info.Size() == 0 {
				t.Errorf("%s%s: %v", name, beside, err)
			}
		}
	}
	// The project's README tells the test accuracies.
	if readme, err = os.ReadFile("../README.md"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"plain", "augmented", "fast", "wide"} {
		r, err := Kept(name)
		if err != nil {
			t.Fatal(err)
		}
		if figure := fmt.Sprintf(" %.2f %%", 100*r.Accuracy); !strings.Contains(string(readme), figure) {
			t.Errorf("README has no%s for %s", figure, name)
		}
	}
	if _, err := Kept("slow"); err == nil || !strings.Contains(err.Error(), `no run of "slow"`) {
		t.Errorf("a run that is not kept: %v", err)
	}
}
