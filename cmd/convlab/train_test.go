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
	"convlab/internal/lab"
	"convlab/internal/labtest"
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
	cmd.Env = append(os.Environ(), asCommand+"=1", "GOMLX_BACKEND=", "PJRT_PLUGIN_LIBRARY_PATH="+lab.Plugins())
	return cmd
}

// TestCtrlCSaves stops a real training with the signal of Ctrl-C, and goes on
// with it.
func TestCtrlCSaves(t *testing.T) {
	data := labtest.Data(t)
	labtest.XLA(t) // the plugin is there
	dir := t.TempDir()
	args := []string{"train", "3.1", "--data", data, "--dir", dir, "--epochs", "1", "--valid", "40000"}
	cmd := command(args...)
	var errs bytes.Buffer
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		errs.WriteString(lines.Text() + "\n")
		if strings.HasPrefix(lines.Text(), "on xla:") {
			cmd.Process.Signal(syscall.SIGINT)
		}
	}
	if err := cmd.Wait(); err == nil || !strings.Contains(errs.String(), "saved in "+dir) || !strings.Contains(errs.String(), "train with the same settings") {
		t.Fatalf("after Ctrl-C: %v, %s", err, &errs)
	}
	text, err := command(args...).CombinedOutput()
	if err != nil || !strings.Contains(string(text), "going on after") && !strings.Contains(string(text), "epoch 1  loss") {
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
