package recipes

import (
	"embed"
	"encoding/json"
	"fmt"

	"convlab/cnnlib/train"
	"convlab/internal/atomicfile"
)

// Run is the result of a whole training and the conditions under which it was
// made. Those of the recipes are in the folder runs, with log and curves.
type Run struct {
	Recipe    string
	Settings  string
	Seed      uint64
	Params    int64
	MACs      int64 // of one image, forward
	Machine   string
	Backend   string
	Revision  string // of the program that wrote this
	Epochs    int
	Seconds   float64 // of training, validation not counted
	Accuracy  float64 // of the test images
	Low, High float64 // 95 % interval
	Loss      float64
	History   train.History
}

//go:embed runs/*.json
var kept embed.FS

// Kept returns the run of a recipe that is kept in the folder runs: "plain"
// and "augmented" for 20 epochs, "plain-80" for the lesson's 80 with 5,000
// images for validation, "fast" and "wide" in full.
func Kept(name string) (*Run, error) {
	text, err := kept.ReadFile("runs/" + name + ".json")
	if err != nil {
		return nil, fmt.Errorf("recipes: no run of %q is kept: %w", name, err)
	}
	r := &Run{}
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("recipes: runs/%s.json: %w", name, err)
	}
	return r, nil
}

// Write writes the run to a file, whole or not at all.
func (r *Run) Write(file string) error {
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return fmt.Errorf("recipes: %w", err)
	}
	return atomicfile.WriteFile(file, append(text, '\n'))
}
