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

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
)

// The variables that make a child process of TestChild.
const (
	childFolder  = "CONVLAB_TEST_TRAIN_IN"
	childBackend = "CONVLAB_TEST_TRAIN_ON"
)

// killed are the settings of a run that is killed 20 times: 104 steps.
func killed() Config {
	cfg := settings
	cfg.Epochs, cfg.SaveEvery = 26, 1 // a checkpoint after every step
	return cfg
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
	if _, err := Fit(context.Background(), newModel(t, b(t)), images, cfg); err != nil {
		t.Fatal(err)
	}
}

// killAfter starts a child, lets it do some steps and ends it with SIGKILL:
// while it waits, or, racing, just after it was let on into its next step or
// the saving of a checkpoint.
func killAfter(t *testing.T, dir, backend string, steps int, racing bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestChild$")
	cmd.Env = append(os.Environ(), childFolder+"="+dir, childBackend+"="+backend)
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
			killAfter(t, cfg.Dir, backend, 1+random.IntN(4), random.IntN(4) > 0)
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
