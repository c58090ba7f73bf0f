package cnnlib

// Widener is a layer whose number of outputs is a choice, so that a network
// can be made wider or narrower.
type Widener interface {
	Layer
	// Outputs is the number of output channels or features.
	Outputs() int
	// WithOutputs is the same layer with another number of them.
	WithOutputs(n int) Layer
}

// Outputs implements Widener.
func (c Conv) Outputs() int { return c.Out }

// WithOutputs implements Widener.
func (c Conv) WithOutputs(n int) Layer {
	c.Out = n
	return c
}

// Outputs implements Widener.
func (c TransposedConv) Outputs() int { return c.Out }

// WithOutputs implements Widener.
func (c TransposedConv) WithOutputs(n int) Layer {
	c.Out = n
	return c
}

// Outputs implements Widener.
func (c SeparableConv) Outputs() int { return c.Out }

// WithOutputs implements Widener.
func (c SeparableConv) WithOutputs(n int) Layer {
	c.Out = n
	return c
}

// Outputs implements Widener.
func (c SpatialConv) Outputs() int { return c.Out }

// WithOutputs implements Widener.
func (c SpatialConv) WithOutputs(n int) Layer {
	c.Out = n
	return c
}

// Outputs implements Widener.
func (c FlattenedConv) Outputs() int { return c.Out }

// WithOutputs implements Widener.
func (c FlattenedConv) WithOutputs(n int) Layer {
	c.Out = n
	return c
}

// Outputs implements Widener.
func (c ShuffledConv) Outputs() int { return c.Out }

// WithOutputs implements Widener.
func (c ShuffledConv) WithOutputs(n int) Layer {
	c.Out = n
	return c
}

// Outputs implements Widener.
func (d Dense) Outputs() int { return d.Out }

// WithOutputs implements Widener.
func (d Dense) WithOutputs(n int) Layer {
	d.Out = n
	return d
}
