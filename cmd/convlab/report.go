package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"

	"convlab/cnnlib"
	"convlab/cnnlib/train"
	"convlab/convviz"
	"convlab/internal/atomicfile"
	"convlab/recipes"
)

// writeReport writes base.json and base.png.
func writeReport(base string, r recipes.Recipe, seed uint64, m *cnnlib.Model, history train.History, result *train.Result) error {
	summary, err := m.Net().Summary(m.Input())
	if err != nil {
		return err
	}
	report := &recipes.Run{Recipe: r.Name, Settings: settings(r), Seed: seed, Params: summary.Params, MACs: summary.MACs,
		Machine: machine(), Backend: m.Backend().Name(), Revision: revision(), Epochs: len(history),
		Accuracy: result.Accuracy, Low: result.Low, High: result.High, Loss: result.Loss, History: history}
	for _, e := range history {
		report.Seconds += e.Seconds
	}
	if err := os.MkdirAll(filepath.Dir(base), 0o755); err != nil {
		return err
	}
	if err := report.Write(base + ".json"); err != nil {
		return err
	}
	picture, err := convviz.Curves(history)
	if err != nil {
		return err
	}
	return atomicfile.WriteFile(base+".png", picture.PNG)
}

// machine is the processor, where it is told, and how many there are.
func machine() string {
	name := runtime.GOARCH
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(info)) {
			if key, value, _ := strings.Cut(line, ":"); strings.TrimSpace(key) == "model name" {
				name = strings.TrimSpace(value)
				break
			}
		}
	}
	return fmt.Sprintf("%d x %s, %s", runtime.NumCPU(), name, runtime.GOOS)
}

// built is the commit that the linker was told (tools/run.sh), where Go does not
// find it out.
var built = ""

// revision is the commit that this program was built from.
func revision() string {
	commit, changed := cmp.Or(built, "unknown"), ""
	if info, found := debug.ReadBuildInfo(); found {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				commit = s.Value
			case s.Key == "vcs.modified" && s.Value == "true":
				changed = ", changed since"
			}
		}
	}
	return commit + changed
}
