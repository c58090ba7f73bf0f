package train

import (
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

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
		t, size, err := s.decode(values)
		if err == nil && decoded[s.Path] != nil {
			err = errors.New("it is there twice")
		}
		if err != nil {
			return nil, bad("%s: %v", s.Path, err)
		}
		decoded[s.Path], values = t, values[size:]
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
	for at := range decoded {
		if strings.HasPrefix(at, m.Root().Scope()+"/") && m.Store().GetVariable(at) == nil {
			return nil, bad("it is of another network: this one has no %s", at)
		}
	}
	if err := h.Pixels.check(m, file); err != nil {
		return nil, err
	}
	for at, t := range decoded {
		if v := m.Store().GetVariable(at); v != nil {
			if err := v.SetValue(t); err != nil {
				return nil, bad("%s: %v", at, err)
			}
			continue
		}
		scope, name := model.SplitPath(at)
		m.Store().Scope(scope).VariableWithValue(name, t).SetTrainable(false) // the optimiser's
	}
	return h, nil
}

// decode makes a tensor of the first of the values, and tells how many bytes
// that took.
func (s stored) decode(values []byte) (*tensors.Tensor, uint64, error) {
	if !strings.HasPrefix(s.Path, "/") || s.Path == "/" || path.Clean(s.Path) != s.Path {
		return nil, 0, errors.New("this is no path of a variable")
	}
	dtype, err := dtypes.DTypeString(s.DType)
	if err != nil || !storable(dtype) {
		return nil, 0, fmt.Errorf("type %q cannot be loaded", s.DType)
	}
	size := uint64(dtype.Size())
	for _, d := range s.Dims {
		if d < 1 || size > uint64(len(values))/uint64(d) {
			return nil, 0, fmt.Errorf("shape %v does not fit the %d bytes that are left", s.Dims, len(values))
		}
		size *= uint64(d)
	}
	if size > uint64(len(values)) {
		return nil, 0, fmt.Errorf("%d bytes wanted, %d left", size, len(values))
	}
	t := tensors.FromShape(shapes.Make(dtype, s.Dims...))
	return t, size, t.MutableBytes(func(data []byte) { copy(data, values[:size]) })
}

// storable are the types that GoMLX has tensors of whose values are whole
// bytes; of the others it knows the names only, and panics.
func storable(d dtypes.DType) bool {
	switch d {
	case dtypes.Bool, dtypes.Int8, dtypes.Int16, dtypes.Int32, dtypes.Int64, dtypes.Uint8, dtypes.Uint16, dtypes.Uint32, dtypes.Uint64,
		dtypes.Float16, dtypes.BFloat16, dtypes.Float32, dtypes.Float64, dtypes.Complex64, dtypes.Complex128:
		return true
	}
	return false
}

// newest loads the newest good checkpoint of dir and reports the damaged ones
// on the way to it. No checkpoint at all gives a nil header; one that cannot
// be read is an error, as nobody knows then what it holds.
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
		var damaged *CheckpointError
		if !errors.As(err, &damaged) {
			return nil, err
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
	if h.BatchSize != 0 && (h.Seed != cfg.Seed || h.BatchSize != cfg.BatchSize || h.Images != r.data.n) {
		return fmt.Errorf("train: %s was trained on %d images with seed %d and batch size %d, now %d, %d and %d: use the same, or another folder",
			cfg.Dir, h.Images, h.Seed, h.BatchSize, r.data.n, cfg.Seed, cfg.BatchSize)
	}
	if how := r.how(); h.BatchSize != 0 && h.How != how {
		return fmt.Errorf("train: %s was trained with %q, now with %q (\"\" is Adam and cross entropy on the images as they are): use the same, or another folder", cfg.Dir, h.How, how)
	}
	if h.Now.Done < 0 || h.Now.Done > r.steps() {
		return fmt.Errorf("train: the checkpoint in %s is after %d of %d steps: remove it to start anew", cfg.Dir, h.Now.Done, r.steps())
	}
	if h.Now.Done > 0 && !r.objective.fits(h.Now.Metrics) {
		return fmt.Errorf("train: the epoch that was stopped in %s had other metrics: finish it with the same, or use another folder", cfg.Dir)
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

// Load puts the weights of the newest intact checkpoint of dir into m and
// returns the epochs that were finished. Damaged checkpoints are reported to
// log (nowhere if it is nil) and skipped.
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

// LoadBest does what Load does, for the epoch with the best validation
// accuracy. That epoch is the last one of the history it returns.
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

// Replay goes through a training once more, for a film of it (lesson 3.5). It
// calls at for epoch 0 with the weights that m has, as New made them, and
// then for each epoch of dir whose checkpoint was kept (see Config.KeepAll)
// with the weights after that epoch. m keeps the last ones. A damaged
// checkpoint is an error, and an error that at returns ends Replay; at is
// also the place to look at a context.
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
