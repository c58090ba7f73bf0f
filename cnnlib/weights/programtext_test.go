package weights

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"k8s.io/klog/v2"
)

// TestProgramText: the text between the words that XLA's log has around it, the
// error of what compiles, and a log that is as it was afterwards.
func TestProgramText(t *testing.T) {
	var log bytes.Buffer
	state := klog.CaptureState()
	defer state.Restore()
	klog.LogToStderr(false)
	klog.SetOutput(&log)
	text, err := programOf(func() error {
		klog.Info("StableHLO program:\nmodule @a {\n  func\n}\nand more")
		return nil
	})
	if err != nil || text != "module @a {\n  func\n}\n" {
		t.Errorf("got %q, error %v", text, err)
	}
	if _, err := programOf(func() error { return nil }); err == nil || !strings.Contains(err.Error(), "on XLA only") {
		t.Errorf("nothing in the log: error %v", err)
	}
	bad := errors.New("does not compile")
	if _, err := programOf(func() error { return bad }); err != bad {
		t.Errorf("error %v, want %v", err, bad)
	}
	klog.Info("after it")
	klog.Flush()
	if got := log.String(); strings.Contains(got, "module") || !strings.Contains(got, "after it") {
		t.Errorf("the log afterwards has %q", got)
	}
}
