// Package fastmode is the switch that shortens every training of this process, so
// that a check of all notebooks takes minutes. It is off until a command or a
// notebook turns it on, which do so where CONVLAB_FAST is set; train and
// recipes only look at it.
package fastmode

import "sync/atomic"

var on atomic.Bool

// Set turns it on or off.
func Set(to bool) { on.Store(to) }

// On tells whether it is on.
func On() bool { return on.Load() }
