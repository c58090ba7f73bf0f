package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convlab/internal/labdir"
	"convlab/internal/labtest"
	"convlab/internal/skiptest"
)

// TestSixWays runs one of the ways on few images in two processes, and again:
// the second time nothing is trained.
func TestSixWays(t *testing.T) {
	data := labtest.Data(t)
	labtest.XLA(t)
	dir := t.TempDir()
	args := []string{"sixways", "--data", data, "--dir", dir, "--epochs", "1", "--seeds", "1", "--images", "64", "--valid", "64", "--ways", "augmentation", "--workers", "2"}
	text, err := command(args...).CombinedOutput()
	if err != nil || !strings.Contains(string(text), "3 of 3 trials are finished") || !strings.Contains(string(text), "| augmentation | mirrored |") {
		t.Fatalf("%v\n%s", err, text)
	}
	if n := strings.Count(string(text), "epoch 1  loss"); n != 3 {
		t.Errorf("%d trainings, want 3\n%s", n, text)
	}
	for _, name := range []string{"sixways.md", "sixways.png", "base-unchanged/seed-1/outcome.json"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	again, err := command(args...).CombinedOutput()
	if err != nil || strings.Contains(string(again), "epoch 1") || !strings.Contains(string(again), "3 of 3 trials") {
		t.Errorf("the second time: %v\n%s", err, again)
	}
	share := command("sixways", "--data", data, "--dir", dir, "--epochs", "1", "--seeds", "1", "--images", "64", "--valid", "64", "--ways", "augmentation", "--of", "3")
	share.Env = append(share.Env, "JOB_COMPLETION_INDEX=1")
	text, err = share.CombinedOutput()
	if err != nil || !strings.Contains(string(text), "trial 2 of 3, augmentation mirrored, seed 1") || strings.Contains(string(text), "trial 1 of 3") {
		t.Errorf("share 1 of 3: %v\n%s", err, text)
	}
}

func TestSixWaysErrors(t *testing.T) {
	for want, args := range map[string][]string{
		"share 3 of 3":          {"--index", "3", "--of", "3"},
		`no way "colour"`:       {"--ways", "colour"},
		"needs settings, seeds": {"--table", "--seeds", "0"},
		"at least one worker":   {"--workers", "0"},
	} {
		if err := run(t, append([]string{"sixways", "--dir", t.TempDir()}, args...)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want one with %q", args, err, want)
		}
	}
}

// TestSixWaysJob: the Job of docker/ gives every share to one pod, with a
// command line that this program takes.
func TestSixWaysJob(t *testing.T) {
	python := filepath.Join(labdir.Dir(), "venv", "bin", "python")
	if _, err := os.Stat(python); err != nil {
		skiptest.Missing(t, "the lab's Python")
	}
	text, err := exec.Command(python, "-c", "import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))",
		"../../docker/sixways-job.yaml").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	type document struct {
		Kind string
		Spec struct {
			CompletionMode string
			Completions    int
			Template       struct {
				Spec struct{ Containers []struct{ Command []string } }
			}
		}
	}
	var documents []document
	if err := json.Unmarshal(text, &documents); err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(documents, func(d document) bool { return d.Kind == "Job" })
	if at < 0 {
		t.Fatalf("no Job: %s", text)
	}
	job := documents[at].Spec
	line := job.Template.Spec.Containers[0].Command
	t.Setenv("JOB_COMPLETION_INDEX", "13")
	var c cli
	p, err := parserOf(t.Context(), &c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Parse(line[1:]); err != nil {
		t.Fatal(err)
	}
	e, err := c.SixWays.experiment()
	if err != nil || c.SixWays.Index != 13 || c.SixWays.Of != job.Completions || job.CompletionMode != "Indexed" {
		t.Errorf("share %d of %d with %d completions, %s: %v", c.SixWays.Index, c.SixWays.Of, job.Completions, job.CompletionMode, err)
	}
	if trials := len(e.Trials()); trials%job.Completions != 0 {
		t.Errorf("%d trials in %d shares", trials, job.Completions)
	}
}
