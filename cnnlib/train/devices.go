package train

import (
	"errors"
	"fmt"
	"strings"

	"convlab/cnnlib"

	"github.com/gomlx/compute/distributed"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/core/tensors/dtensor"
	"github.com/gomlx/gomlx/ml/model"
)

// devices are several of one backend that share each batch: every one has all
// weights and a part of the images. XLA adds up what the parts give, so that
// the step is that of one device but for rounding; BatchNorm too sees the
// whole batch.
type devices struct {
	mesh         *distributed.DeviceMesh
	parts, whole *distributed.ShardingSpec // of a batch, and of what every device has
}

// newDevices puts m on n devices; nil for one.
func newDevices(m *cnnlib.Model, n int) (*devices, error) {
	if n <= 1 {
		return nil, nil
	}
	b := m.Backend()
	if have := b.NumDevices(); have < n {
		return nil, fmt.Errorf("train: %d devices are wanted, and %s has %d: train on %d", n, b.Name(), have, have)
	}
	const axis = "batch"
	mesh, err := distributed.NewDeviceMesh([]int{n}, []string{axis})
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	parts, err := distributed.BuildSpec(mesh).S(axis).Done()
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	d := &devices{mesh, parts, distributed.NewReplicatedShardingSpec(mesh)}
	for v := range m.Store().IterVariables() { // GoMLX v0.28.1 forgets to tell the random state
		if err := v.SetShardingSpec(d.whole); err != nil {
			return nil, fmt.Errorf("train: %w", err)
		}
	}
	return d, nil
}

// spread makes exec run on all devices. Its first split inputs come in parts.
func (d *devices) spread(exec *model.Exec, split, inputs int) {
	if d == nil {
		return
	}
	specs := make([]*distributed.ShardingSpec, inputs)
	for i := range specs {
		specs[i] = d.whole
		if i < split {
			specs[i] = d.parts
		}
	}
	exec.AutoSharding(d.mesh).WithInputShardingSpecs(specs...).WithOutputShardingSpecs(d.whole)
}

// call is exec.Call with inputs as spread was told; of the outputs, which all
// devices have, it gives the values.
func (d *devices) call(exec *model.Exec, split int, inputs ...*tensors.Tensor) ([][]float64, error) {
	args := make([]any, len(inputs))
	if d == nil {
		for i, t := range inputs {
			args[i] = t
		}
		outputs, err := exec.Call(args...)
		if err != nil {
			return nil, err
		}
		return numbers(outputs)
	}
	for i, t := range inputs {
		spec := d.whole
		if i < split {
			spec = d.parts
		}
		sharded, err := dtensor.ShardTensor(spec, t)
		if err != nil {
			return nil, err
		}
		defer sharded.FinalizeAll()
		args[i] = sharded
	}
	all, err := exec.DistributedExec(args...)
	if err != nil {
		return nil, err
	}
	values := make([][]float64, len(all))
	for i, out := range all {
		defer out.FinalizeAll()
		if values[i], err = numbersOf(out.Shards()[0]); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// gather brings all variables of m back to one device.
func (d *devices) gather(m *cnnlib.Model) error {
	if d == nil {
		return nil
	}
	var failed error
	for v := range m.Store().IterVariables() {
		value, err := v.Value()
		if err == nil {
			value, err = value.LocalClone()
		}
		if err == nil {
			err = v.SetValue(value)
		}
		failed = errors.Join(failed, err, v.SetShardingSpec(nil))
	}
	if failed != nil {
		return fmt.Errorf("train: %w", failed)
	}
	return nil
}

// explain says what to do when a device has no memory left.
func (r *run) explain(err error) error {
	if text := err.Error(); strings.Contains(text, "RESOURCE_EXHAUSTED") || strings.Contains(text, "out of memory") {
		return fmt.Errorf("the device has too little memory for a batch of %d images on %d devices: try a smaller batch size, or more devices: %w",
			r.cfg.BatchSize, max(1, r.cfg.Devices), err)
	}
	return err
}
