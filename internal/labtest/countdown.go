package labtest

import "context"

// Countdown is a context that ends once it was asked Left times whether it
// has: so a test stops what looks at its context at each of these places.
type Countdown struct {
	context.Context
	Left int
}

// Err implements context.Context.
func (c *Countdown) Err() error {
	if c.Left == 0 {
		return context.Canceled
	}
	c.Left--
	return nil
}
