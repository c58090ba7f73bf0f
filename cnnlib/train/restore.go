package train

import (
	"fmt"
	"io"
	"slices"

	"convlab/cnnlib"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// load reads a checkpoint and puts its variables into the store of m. All of
// them are decoded and compared with the model before the first is set.
func load(m *cnnlib.Model, file string) (*header, error) {
	h, values, err := read(file)
	if err != nil {
		return nil, err
	}
	bad := func(format string, args ...any) error {
		return &CheckpointError{file, fmt.Sprintf(format, args...)}
	}
	decoded := make(map[string]*tensors.Tensor)
	for _, s := range h.Variables {
		dtype, err := dtypes.DTypeString(s.DType)
		if err != nil {
			return nil, bad("%s: unknown type %q", s.Path, s.DType)
		}
		size := uint64(dtype.Size())
		for _, d := range s.Dims {
			if d < 1 || size > uint64(len(values))/uint64(d) {
				return nil, bad("%s: shape %v does not fit the %d bytes that are left", s.Path, s.Dims, len(values))
			}
			size *= uint64(d)
		}
		if size > uint64(len(values)) {
			return nil, bad("%s: %d bytes wanted, %d left", s.Path, size, len(values))
		}
		t := tensors.FromShape(shapes.Make(dtype, s.Dims...))
		if err := t.MutableBytes(func(data []byte) { copy(data, values[:size]) }); err != nil {
			return nil, bad("%s: %v", s.Path, err)
		}
		values = values[size:]
		decoded[s.Path] = t
	}
	if len(values) != 0 {
		return nil, bad("%d bytes too many", len(values))
	}
	for v := range m.Store().IterVariables() {
		t, found := decoded[v.Path()]
		if !found || !t.Shape().Equal(v.Shape()) {
			return nil, bad("it is of another network: %s should have shape %s", v.Path(), v.Shape())
		}
	}
	for path, t := range decoded {
		if v := m.Store().GetVariable(path); v != nil {
			if err := v.SetValue(t); err != nil {
				return nil, bad("%s: %v", path, err)
			}
			continue
		}
		scope, name := model.SplitPath(path)
		m.Store().Scope(scope).VariableWithValue(name, t).SetTrainable(false) // the optimiser's
	}
	return h, nil
}

// newest loads the newest good checkpoint of dir and reports the damaged ones
// on the way to it. No checkpoint at all gives a nil header.
func newest(m *cnnlib.Model, dir string, report func(error)) (*header, error) {
	found, err := files(dir)
	if err != nil {
		return nil, err
	}
	for _, file := range found {
		h, err := load(m, file)
		if err == nil {
			return h, nil
		}
		report(fmt.Errorf("%w; trying the one before", err))
	}
	if len(found) > 0 {
		return nil, fmt.Errorf("train: none of the %d checkpoints in %s can be used: remove them to start anew", len(found), dir)
	}
	return nil, nil
}

// resume takes up the newest good checkpoint of the folder, if it has any.
func (r *run) resume() error {
	cfg := r.cfg
	h, err := newest(r.m, cfg.Dir, reportTo(cfg.Log))
	if err != nil || h == nil {
		return err
	}
	if h.BatchSize != 0 && (h.Seed != cfg.Seed || h.BatchSize != cfg.BatchSize || h.Images != r.data.Len()) {
		return fmt.Errorf("train: %s was trained on %d images with seed %d and batch size %d, now %d, %d and %d: use the same, or another folder",
			cfg.Dir, h.Images, h.Seed, h.BatchSize, r.data.Len(), cfg.Seed, cfg.BatchSize)
	}
	if how := r.how(); h.BatchSize != 0 && h.How != how {
		return fmt.Errorf("train: %s was trained with %q, now with %q (\"\" is Adam on the images as they are): use the same, or another folder", cfg.Dir, h.How, how)
	}
	if h.Now.Done < 0 || h.Now.Done > r.steps() {
		return fmt.Errorf("train: the checkpoint in %s is after %d of %d steps: remove it to start anew", cfg.Dir, h.Now.Done, r.steps())
	}
	r.history, r.now = h.History, h.Now
	if cfg.Log != nil {
		after := fmt.Sprintf("epoch %d", len(h.History))
		if h.Now.Done > 0 {
			after = fmt.Sprintf("step %d of epoch %d", h.Now.Done, len(h.History)+1)
		}
		fmt.Fprintf(cfg.Log, "going on after %s in %s\n", after, cfg.Dir)
	}
	return nil
}

// reportTo gives each damaged checkpoint a line in log.
func reportTo(log io.Writer) func(error) {
	return func(err error) {
		if log != nil {
			fmt.Fprintln(log, err)
		}
	}
}

// Load puts the weights of the newest good checkpoint of dir into m, and gives
// the epochs that were finished. Damaged checkpoints are reported to log (nil:
// nowhere) and passed over.
func Load(m *cnnlib.Model, dir string, log io.Writer) (History, error) {
	h, err := newest(m, dir, reportTo(log))
	if err != nil {
		return nil, err
	}
	if h == nil {
		return nil, fmt.Errorf("train: no checkpoint in %s: train first", dir)
	}
	return h.History, nil
}

// LoadBest is Load for the epoch with the best validation accuracy; its epoch
// is the last of the history it gives.
func LoadBest(m *cnnlib.Model, dir string, log io.Writer) (History, error) {
	h, err := Load(m, dir, log)
	if err != nil {
		return nil, err
	}
	best := h.Best()
	if best < 0 {
		return nil, fmt.Errorf("train: no epoch in %s was validated: use the newest", dir)
	}
	if _, err := load(m, nameOf(dir, best+1, h[best].Steps)); err != nil {
		return nil, err
	}
	return h[:best+1], nil
}

// Replay goes through training once more, for a film of it (lesson 3.5): at is
// called for epoch 0 with the weights that m has, as New made them, then for
// each epoch of dir whose checkpoint was kept, see Config.KeepAll, with those
// after it. m keeps the last. Damaged checkpoints are an error.
func Replay(m *cnnlib.Model, dir string, at func(epoch int) error) error {
	found, err := files(dir)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return fmt.Errorf("train: no checkpoint in %s: train first", dir)
	}
	newest, _, err := read(found[0])
	if err != nil {
		return err
	}
	if err := at(0); err != nil {
		return err
	}
	for i, e := range newest.History {
		file := nameOf(dir, i+1, e.Steps)
		if !slices.Contains(found, file) {
			continue
		}
		if _, err := load(m, file); err != nil {
			return err
		}
		if err := at(i + 1); err != nil {
			return err
		}
	}
	return nil
}
