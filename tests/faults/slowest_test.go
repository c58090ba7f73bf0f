//go:build linux

package faults

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// A slowest is the longest of some times, with the load of the machine at its
// end: a busy machine is no fault of the command, and a reader has to know.
type slowest struct {
	took time.Duration
	load string
}

func (s *slowest) saw(took time.Duration) {
	if took > s.took {
		s.took, s.load = took, load()
	}
}

func (s *slowest) String() string {
	return fmt.Sprintf("%.1f s (load %s)", s.took.Seconds(), s.load)
}

// load is how many threads wanted a processor, as a mean over the last minute.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	one, _, _ := strings.Cut(string(text), " ")
	return one
}
