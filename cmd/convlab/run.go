package main

import (
	"fmt"
	"os"
	"path/filepath"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/internal/backend"
	"convlab/internal/lab"
)

type runFlags struct {
	network
	dataFlag
	Seed uint64 `default:"1" help:"Sets the initial weights, dropout and the order of the images."`
	Dir  string `type:"path" help:"Folder of the checkpoints (default: runs/NET in the lab folder)."`
}

// open brings the data set and a new model on the chosen backend.
func (f *runFlags) open() (*cifar.Data, *cnnlib.Model, error) {
	data, err := cifar.Open(f.Data)
	if err != nil {
		return nil, nil, err
	}
	m, err := f.model()
	return data, m, err
}

// model is a new model on the chosen backend.
func (f *runFlags) model() (*cnnlib.Model, error) {
	if f.Dir == "" {
		f.Dir = filepath.Join(lab.Runs(), f.Net)
	}
	choice, err := backend.Open()
	if err != nil {
		return nil, err
	}
	fmt.Printf("on %s: %s\n", choice.Name, choice.Why)
	if choice.Notice != "" {
		fmt.Fprintln(os.Stderr, choice.Notice)
	}
	return cnnlib.New(choice.Backend, f.layers(), cnnlib.CIFARInput,
		cnnlib.Options{Seed: f.Seed, Mean: cifar.Mean[:], Std: cifar.Std[:]})
}
