// Package fastmode is the switch that shortens every training of this process, so
// that a check of all notebooks takes minutes. It belongs to the process because
// a cell has to read the same to a student and in a check, so that the switch
// cannot be an argument. It is off until a command or a notebook turns it on,
// which they do where CONVLAB_FAST is set; train and recipes only look at it.
package fastmode

import "sync/atomic"

var on atomic.Bool

// Set turns it on or off.
func Set(to bool) { on.Store(to) }

// On tells whether it is on.
func On() bool { return on.Load() }
