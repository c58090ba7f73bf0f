package main

import (
	"context"

	"convlab/cnnlib"
	"convlab/cnnlib/train"
	"convlab/internal/labdir"

	"github.com/gomlx/compute/gobackend"
)

// ours is package train, which saves after each step.
type ours struct{}

// blank are images without anything.
type blank int

func (b blank) Len() int { return int(b) }

func (b blank) Example(i int) (pixels []uint8, label uint8) { return make([]uint8, 100), uint8(i % 2) }

// network has as many numbers as are saved; with those of SGD's momentum there
// would be more.
func network() (*cnnlib.Model, error) {
	b, err := gobackend.New(labdir.GoOptions)
	if err != nil {
		return nil, err
	}
	net := cnnlib.Sequential{cnnlib.Flatten{}, cnnlib.Dense{Out: numbers / 102}, cnnlib.Dense{Out: 2}}
	return cnnlib.New(b, net, []int{10, 10, 1}, cnnlib.Options{Seed: 1})
}

func (ours) save(dir string, saved func()) error {
	m, err := network()
	if err != nil {
		return err
	}
	steps := 0
	_, err = train.Fit(context.Background(), m, blank(100_000), train.Config{Epochs: 1000, BatchSize: 1, Dir: dir, SaveEvery: 1, Optimizer: train.SGD{},
		OnStep: func(train.Step) { // the step before this has been saved
			if steps++; steps > 1 {
				saved()
			}
		}})
	return err
}

func (ours) load(dir string) ([]byte, error) {
	m, err := network()
	if err != nil {
		return nil, err
	}
	if _, err := train.Load(m, dir, nil); err != nil {
		return nil, err
	}
	return sum(m.Store())
}
