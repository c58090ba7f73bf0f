package main

import (
	"fmt"
	"os"
	"path/filepath"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/internal/backend"
	"convlab/internal/lab"

	"github.com/gomlx/compute"
)

// layers gives a network of the lesson by its number.
func layers(net string) cnnlib.Sequential {
	if net == "3.1" {
		return cnnlib.LeNet()
	}
	return cnnlib.LessonNet()
}

// runFolder is where a network's checkpoints are: dir, or the lab's folder for it.
func runFolder(dir, net string) string {
	if dir != "" {
		return dir
	}
	return filepath.Join(lab.Runs(), net)
}

type network struct {
	Net string `arg:"" enum:"3.1,3.2" help:"Network of the lesson: 3.1 or 3.2."`
}

type dataFlag struct {
	Data string `default:"${data}" type:"path" help:"Folder with the six .bin files of CIFAR-10."`
}

type runFlags struct {
	network
	dataFlag
	Seed uint64 `default:"1" help:"Sets the initial weights, dropout and the order of the images."`
	Dir  string `type:"path" help:"Folder of the checkpoints (default: NET in the lab's runs folder)."`
}

// open brings the data set and a new model.
func (f *runFlags) open() (*cifar.Data, *cnnlib.Model, error) {
	f.Dir = runFolder(f.Dir, f.Net)
	data, err := cifar.Open(f.Data)
	if err != nil {
		return nil, nil, err
	}
	m, err := newModel(f.Net, f.Seed)
	return data, m, err
}

// newModel is a network with new weights on the chosen backend, which it
// tells.
func newModel(net string, seed uint64) (*cnnlib.Model, error) {
	b, err := open()
	if err != nil {
		return nil, err
	}
	return cnnlib.New(b, layers(net), cnnlib.CIFARInput,
		cnnlib.Options{Seed: seed, Mean: cifar.Mean[:], Std: cifar.Std[:]})
}

// open opens the chosen backend and tells it.
func open() (compute.Backend, error) {
	choice, err := backend.Open()
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "on %s: %s\n", choice.Name, choice.Why)
	if choice.Notice != "" {
		fmt.Fprintln(os.Stderr, choice.Notice)
	}
	return choice.Backend, nil
}
