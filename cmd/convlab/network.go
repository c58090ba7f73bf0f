package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/internal/backend"
	"convlab/internal/labdir"
	"convlab/recipes"

	"github.com/gomlx/compute"
)

// network names what is trained: a network of the lesson, or a recipe.
type network struct {
	Net string `arg:"" enum:"3.1,3.2,${recipes}" help:"Network of the lesson, 3.1 or 3.2, or a recipe: ${recipes}."`
}

// design names a network whose weights do not count: one that is trained, or
// one of nets.
type design struct {
	Net   string `arg:"" help:"Network of the lesson, 3.1 or 3.2, a recipe's (${recipes}) or a well-known one (${nets})."`
	Input sides  `help:"Shape of one example, height, width and channels, as 224x224x3 (default: that which the network is made for)."`
}

// open gives the network and the shape of one example.
func (d design) open() (net cnnlib.Sequential, in []int, err error) {
	if lesson := []string{"3.1", "3.2"}; slices.Contains(append(lesson, recipes.Names()...), d.Net) {
		r, err := network{d.Net}.recipe()
		if err != nil {
			return nil, nil, err
		}
		net, in = r.Net, r.InputShape()
	} else {
		n, err := nets.Named(d.Net)
		if err != nil {
			known := slices.Concat(lesson, recipes.Names())
			for _, name := range nets.Names() {
				if !slices.Contains(known, name) { // a recipe's network may be one of nets
					known = append(known, name)
				}
			}
			return nil, nil, fmt.Errorf("there is no network %q; there are %s", d.Net, strings.Join(known, ", "))
		}
		net, in = n.Net, n.Input
	}
	if d.Input != nil {
		in = d.Input
	}
	return net, in, nil
}

// recipe is the one that is named; a network alone is trained as plain says,
// for 10 epochs.
func (n network) recipe() (recipes.Recipe, error) {
	if n.Net != "3.1" && n.Net != "3.2" {
		return recipes.Named(n.Net)
	}
	r := recipes.Plain()
	r.Name, r.Epochs = n.Net, 10
	if n.Net == "3.1" {
		r.Net = nets.LeNet()
	}
	return r, nil
}

// classifier is recipe for commands that show classes of CIFAR-10.
func (n network) classifier() (recipes.Recipe, error) {
	r, err := n.recipe()
	if err == nil && !r.Classifies() {
		err = fmt.Errorf("%s does not give the classes of CIFAR-10: this command takes networks and recipes that do", n.Net)
	}
	return r, err
}

// String is how the network is named for convlab train.
func (n network) String() string {
	if slices.Contains(recipes.Names(), n.Net) {
		return "--recipe " + n.Net
	}
	return n.Net
}

// runFolder is where the checkpoints are: dir, or the lab's folder of that name.
func runFolder(dir, name string) string {
	if dir != "" {
		return dir
	}
	return filepath.Join(labdir.Runs(), name)
}

type dataFlag struct {
	Data string `default:"${data}" type:"path" help:"Folder with the six .bin files of CIFAR-10."`
}

type runFlags struct {
	dataFlag
	Seed uint64 `default:"1" help:"Sets the initial weights, dropout and the order of the images."`
	Dir  string `type:"path" help:"Folder of the checkpoints (default: one with the name of network or recipe in the lab's runs folder)."`
}

// open brings data set and a new model.
func (f *runFlags) open(ctx context.Context, r recipes.Recipe) (*cifar.Data, *cnnlib.Model, error) {
	f.Dir = runFolder(f.Dir, r.Name)
	data, err := cifar.Open(ctx, f.Data)
	if err != nil {
		return nil, nil, err
	}
	m, err := newModel(ctx, r, data.Train, f.Seed)
	return data, m, err
}

// newModel is the recipe's network with new weights on the chosen backend,
// which it tells. Without images the weights are for a file to replace.
func newModel(ctx context.Context, r recipes.Recipe, images *cifar.Images, seed uint64) (*cnnlib.Model, error) {
	b, err := openBackend(ctx)
	if err != nil {
		return nil, err
	}
	m, err := r.Model(b, images, seed)
	if err == nil {
		err = ctx.Err()
	}
	return m, err
}

// openBackend opens the chosen backend, which it tells.
func openBackend(ctx context.Context) (compute.Backend, error) {
	choice, err := backend.Open()
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "on %s: %s\n", choice.Name, choice.Why)
	if choice.Notice != "" {
		fmt.Fprintln(os.Stderr, choice.Notice)
	}
	return choice.Backend, ctx.Err()
}
