package train

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
)

// The variables that make a child process of TestChild.
const (
	childFolder  = "CONVLAB_TEST_TRAIN_IN"
	childBackend = "CONVLAB_TEST_TRAIN_ON"
	childTask    = "CONVLAB_TEST_TRAIN_TASK"
)

// killed are the settings of a run that is killed 20 times: 104 steps.
func killed() Config {
	cfg := settings
	cfg.Epochs, cfg.SaveEvery = 26, 1 // a checkpoint after every step
	return cfg
}

// killedTask is killed, but with maps of labels, a loss, metrics and an
// optimizer of their own.
func killedTask(t *testing.T, b compute.Backend) (*cnnlib.Model, Dataset, Config) {
	t.Helper()
	cfg := killed()
	cfg.Valid = spots(8)
	cfg.Loss, cfg.Optimizer, cfg.Metrics = Dice{}, AdamW{}, []Metric{MeanIoU{}, TopK{K: 2}}
	return modelOf(t, b, mapNet(3)), spots(64), cfg
}

// TestChild is the process that TestKilledTraining kills: it trains in the
// folder that childFolder names, says each step and goes on when it gets a
// line. In an ordinary run of the tests it does nothing.
func TestChild(t *testing.T) {
	cfg := killed()
	cfg.Dir = os.Getenv(childFolder)
	if cfg.Dir == "" {
		return
	}
	b := labtest.Go
	if os.Getenv(childBackend) == "xla" {
		b = labtest.XLA
	}
	in := bufio.NewReader(os.Stdin)
	cfg.OnStep = func(s Step) {
		fmt.Println("step", s.Epoch, s.Done)
		in.ReadString('\n')
	}
	m, data, on := (*cnnlib.Model)(nil), Dataset(images), b(t)
	if os.Getenv(childTask) == "" {
		m = newModel(t, on)
	} else {
		var other Config
		m, data, other = killedTask(t, on)
		other.Dir, other.OnStep = cfg.Dir, cfg.OnStep
		cfg = other
	}
	if _, err := Fit(context.Background(), m, data, cfg); err != nil {
		t.Fatal(err)
	}
}

// killAfter starts a child, lets it do some steps and ends it with SIGKILL:
// while it waits, or, racing, just after it was let on into its next step or
// the saving of a checkpoint.
func killAfter(t *testing.T, dir, backend, task string, steps int, racing bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestChild$")
	cmd.Env = append(os.Environ(), childFolder+"="+dir, childBackend+"="+backend, childTask+"="+task)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for i := range steps {
		if !lines.Scan() || !strings.HasPrefix(lines.Text(), "step ") {
			t.Errorf("the child says %q, want a step", lines.Text())
			break
		}
		if i < steps-1 || racing {
			io.WriteString(in, "\n")
		}
	}
	cmd.Process.Kill() // SIGKILL
	cmd.Wait()
	if cmd.ProcessState.Exited() {
		t.Errorf("the child ended before it was killed: %v", cmd.ProcessState)
	}
}

func TestKilledTrainingGivesTheSameWeights(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		backend := filepath.Base(t.Name())
		cfg := killed()
		whole := newModel(t, b)
		if _, err := Fit(context.Background(), whole, images, cfg); err != nil {
			t.Fatal(err)
		}
		cfg.Dir = t.TempDir()
		random := rand.New(rand.NewPCG(1, 2))
		for range 20 {
			killAfter(t, cfg.Dir, backend, "", 1+random.IntN(4), random.IntN(4) > 0)
		}
		found, err := files(cfg.Dir)
		if err != nil || len(found) == 0 {
			t.Fatalf("checkpoints %v, error %v", found, err)
		}
		t.Logf("after 20 SIGKILLs the newest checkpoint is %s", filepath.Base(found[0]))
		m := newModel(t, b)
		if h, err := Fit(context.Background(), m, images, cfg); err != nil || len(h) != cfg.Epochs {
			t.Fatalf("history of %d, error %v", len(h), err)
		}
		if !slices.Equal(weights(m), weights(whole)) {
			t.Error("the weights differ from those of the undisturbed run")
		}
	})
}

// TestKilledOtherTraining: the same for other targets, losses, metrics and
// optimizers.
func TestKilledOtherTraining(t *testing.T) {
	b := labtest.Go(t)
	whole, data, cfg := killedTask(t, b)
	want, err := Fit(context.Background(), whole, data, cfg)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Dir = t.TempDir()
	random := rand.New(rand.NewPCG(1, 3))
	for range 8 {
		killAfter(t, cfg.Dir, "go", "other", 1+random.IntN(4), random.IntN(4) > 0)
	}
	m, _, _ := killedTask(t, b)
	var log strings.Builder
	cfg.Log = &log
	got, err := Fit(context.Background(), m, data, cfg)
	if err != nil || !strings.Contains(log.String(), "going on after") {
		t.Fatalf("%v, %s", err, &log)
	}
	sameTraining(t, "killed", m, whole, got, want)
}
