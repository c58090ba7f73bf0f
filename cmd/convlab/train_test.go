package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"convlab/cnnlib/train"
	"convlab/internal/labdir"
	"convlab/internal/labtest"
	"convlab/internal/stop"
)

// asCommand makes the test binary the command itself.
const asCommand = "CONVLAB_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func command(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asCommand+"=1", "GOMLX_BACKEND=", "PJRT_PLUGIN_LIBRARY_PATH="+labdir.Plugins())
	return cmd
}

// TestCtrlCSaves stops a real training with the signal of Ctrl-C, and goes on
// with it.
func TestCtrlCSaves(t *testing.T) {
	data := labtest.Data(t)
	labtest.XLA(t) // the plugin is there
	dir := t.TempDir()
	args := []string{"train", "3.1", "--data", data, "--dir", dir, "--valid", "40000", "--epochs"}
	cmd := command(append(args, "1000")...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "epoch 1  loss") {
			cmd.Process.Signal(syscall.SIGINT)
		}
	}
	cmd.Wait()
	if said := errs.String(); cmd.ProcessState.ExitCode() != stop.Code || !strings.Contains(said, "convlab: stopped in epoch ") || !strings.Contains(said, "saved in "+dir) ||
		!strings.Contains(said, "train with the same settings") || strings.Contains(said, "error") || strings.Contains(said, "context") {
		t.Fatalf("after Ctrl-C: %v, %s", cmd.ProcessState, said)
	}
	text, err := command(append(args, "2")...).CombinedOutput()
	if err != nil || !strings.Contains(string(text), "going on after") {
		t.Errorf("the second call: %v, %s", err, text)
	}
	text, err = command("eval", "3.1", "--data", data, "--dir", dir, "--best").CombinedOutput()
	if err != nil || !strings.Contains(string(text), "of 10000 test images") {
		t.Errorf("eval: %v, %s", err, text)
	}
	t.Logf("%s", text)
}

// TestAugmentIsKept: what was begun on augmented images goes on with them only.
func TestAugmentIsKept(t *testing.T) {
	data := labtest.Data(t)
	labtest.XLA(t)
	t.Setenv("CONVLAB_FAST", "1") // 8 steps an epoch
	args := []string{"train", "3.1", "--data", data, "--dir", t.TempDir(), "--valid", "0", "--epochs"}
	for _, c := range []struct {
		more []string
		want string
	}{
		{[]string{"1", "--augment"}, "epoch 1  loss"},
		{[]string{"2"}, "was trained with \"images through Compose([ RandomCrop(32, padding=4), RandomHorizontalFlip(p=0.5), ]), seed 1\""},
		{[]string{"2", "--augment"}, "epoch 2  loss"},
	} {
		text, err := command(append(args, c.more...)...).CombinedOutput()
		if failed := err != nil; !strings.Contains(string(text), c.want) || failed != strings.HasPrefix(c.want, "was") {
			t.Errorf("%v: %v, %s", c.more, err, text)
		}
	}
}

func TestProgressLine(t *testing.T) {
	got := progressLine(train.Step{Epoch: 2, Epochs: 10, Done: 3, Steps: 196, Loss: 1.25, Rate: 812.4, Left: 100*time.Second + 300*time.Millisecond})
	if want := "epoch 2 of 10  step 3 of 196  loss 1.2500  812 images/s  1m40s left"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
