package recipes

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"convlab/augment"
	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/train"
	"convlab/internal/fastmode"
)

// Setting is the lesson's training with one thing changed.
type Setting struct {
	Way  string // what is changed: "channels", "dense", …; "base" for nothing
	Name string // to what: "16, 64"
	Recipe
}

// id is the setting as the name of a folder.
func (s Setting) id() string {
	return strings.NewReplacer(" ", "-", ",", "").Replace(s.Way + " " + s.Name)
}

// SixWays are the six ways of lesson 3.6 to tune a network, each at several
// settings, and before them the base itself, which is part of every way. The
// lesson's are SixWays(Plain()).
func SixWays(base Recipe) []Setting {
	all := []Setting{{"base", "unchanged", base}}
	add := func(way, name string, change func(*Recipe)) {
		r := base
		r.Net = slices.Clone(base.Net)
		change(&r)
		all = append(all, Setting{way, name, r})
	}
	for _, by := range []float64{0.5, 2} {
		net, outputs := scaled(base.Net, true, by)
		add("channels", outputs, func(r *Recipe) { r.Net = net })
	}
	for _, by := range []float64{0.5, 2} {
		net, outputs := scaled(base.Net, false, by)
		add("dense layers", outputs, func(r *Recipe) { r.Net = net })
	}
	for _, rate := range []float64{3e-4, 3e-3} {
		add("learning rate", fmt.Sprint(rate), func(r *Recipe) { r.Rate = rate })
	}
	add("optimizer", "SGD, rate 0.1", func(r *Recipe) { r.Optimizer, r.Rate = train.SGD{}, 0.1 })
	add("optimizer", "SGD, rate 0.02, momentum 0.9", func(r *Recipe) { r.Optimizer, r.Rate = train.SGD{Momentum: 0.9}, 0.02 })
	for _, a := range []cnnlib.Layer{cnnlib.LeakyReLU{}, cnnlib.ELU{}, cnnlib.GELU{}} {
		add("activation", a.Name(), func(r *Recipe) {
			for i, layer := range r.Net {
				if layer == (cnnlib.ReLU{}) {
					r.Net[i] = a
				}
			}
		})
	}
	add("augmentation", "mirrored", func(r *Recipe) { r.Augment = augment.RandomHorizontalFlip{} })
	add("augmentation", "shifted and mirrored", func(r *Recipe) { r.Augment = Augmented().Augment })
	return all
}

// scaled is the network with the outputs of its convolutions multiplied, or of
// its dense layers but the last, which has one for each class; and what these
// outputs are then: "16, 64". Layers inside others are left as they are.
func scaled(net cnnlib.Sequential, convs bool, by float64) (cnnlib.Sequential, string) {
	net = slices.Clone(net)
	var outputs []string
	for i, layer := range net {
		w, ok := layer.(cnnlib.Widener)
		_, dense := layer.(cnnlib.Dense)
		if !ok || dense == convs || dense && i == len(net)-1 {
			continue
		}
		size := max(1, int(float64(w.Outputs())*by))
		outputs = append(outputs, fmt.Sprint(size))
		net[i] = w.WithOutputs(size)
	}
	return net, strings.Join(outputs, ", ")
}

// Experiment trains every setting with every seed for as many epochs on the
// same images, and measures it on the same validation images, never on the
// test set. Every trial has a folder of its own in Dir: one that was stopped
// goes on from its checkpoint, one that is finished is not run again.
type Experiment struct {
	Settings []Setting // as SixWays(Plain())
	Seeds    int       // 1 to Seeds; only the first where trainings are shortened (CONVLAB_FAST in notebooks and commands)
	Epochs   int
	Images   int // to train on; 0: all that are not for validation
	Valid    int // images for validation, chosen by seed 1; 0: 5,000
	Dir      string
}

func (e Experiment) valid() int { return cmp.Or(e.Valid, 5000) }

func (e Experiment) seeds() int {
	if fastmode.On() {
		return min(e.Seeds, 1)
	}
	return e.Seeds
}

func (e Experiment) check() error {
	if len(e.Settings) == 0 || e.Seeds < 1 || e.Epochs < 1 || e.Images < 0 || e.Valid < 0 || e.Dir == "" {
		return fmt.Errorf("recipes: an experiment needs settings, seeds, epochs and a folder, got %d, %d, %d and %q", len(e.Settings), e.Seeds, e.Epochs, e.Dir)
	}
	return nil
}

// Trial is one setting with one seed.
type Trial struct {
	Setting
	Seed uint64
}

// Trials are all of them, seed by seed, so that a table of all settings is
// there early.
func (e Experiment) Trials() []Trial {
	var all []Trial
	for seed := range e.seeds() {
		for _, s := range e.Settings {
			all = append(all, Trial{s, uint64(seed + 1)})
		}
	}
	return all
}

func (e Experiment) folder(t Trial) string {
	return filepath.Join(e.Dir, t.id(), fmt.Sprintf("seed-%d", t.Seed))
}

// images gives those to train on and those to validate on.
func (e Experiment) images(data *cifar.Data) (training, valid *cifar.Images, err error) {
	training, valid, err = data.Train.Split(e.valid(), 1)
	if err != nil {
		return nil, nil, err
	}
	if e.Images > training.Len() {
		return nil, nil, fmt.Errorf("recipes: %d training images wanted, there are %d", e.Images, training.Len())
	}
	if e.Images > 0 {
		size := len(training.Pixels) / training.Len()
		training = &cifar.Images{Pixels: slices.Clip(training.Pixels[:e.Images*size]), Labels: slices.Clip(training.Labels[:e.Images])}
	}
	return training, valid, nil
}
