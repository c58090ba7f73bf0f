//go:build !unix

package convbench

import "time"

// processorTime is not known here.
func processorTime() time.Duration { return 0 }
