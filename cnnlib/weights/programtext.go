package weights

import (
	"errors"
	"flag"
	"strings"
	"sync"

	"k8s.io/klog/v2"
)

// This file alone touches the log of the process. GoMLX and go-xla v0.4.0 give
// out the StableHLO of a program nowhere but there, at -vmodule=executable=2,
// and klog, which they log with, has one set of settings for the whole process.
// So one program is caught at a time, and the settings are put back afterwards.

// oneProgram is held while the log is listened to.
var oneProgram sync.Mutex

// programOf is the StableHLO of what compile compiles. Without XLA there is
// none, which is an error.
func programOf(compile func() error) (string, error) {
	oneProgram.Lock()
	defer oneProgram.Unlock()
	state := klog.CaptureState()
	defer state.Restore()
	flags := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(flags)
	for name, value := range map[string]string{"logtostderr": "false", "alsologtostderr": "false", "stderrthreshold": "FATAL", "vmodule": "executable=2"} {
		if err := flags.Set(name, value); err != nil {
			return "", err
		}
	}
	var log strings.Builder
	klog.SetOutput(&log)
	if err := compile(); err != nil {
		return "", err
	}
	klog.Flush()
	_, text, found := strings.Cut(log.String(), "StableHLO program:\n")
	if end := strings.Index(text, "\n}\n"); found && end >= 0 {
		return text[:end+3], nil
	}
	return "", errors.New("there is a StableHLO program on XLA only: `make setup` brings XLA, GOMLX_BACKEND=xla:cpu chooses it")
}
