package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"convlab/convviz"
)

// drawCmd has a command for each kind of picture. Each calls the function of
// convviz that draws it.
type drawCmd struct {
	Slide       drawSlide       `cmd:"" help:"A kernel that slides over one channel, with every product. Example: convlab draw slide --input 5x5 --kernel 3 --stride 2 --padding 1 -o slide.html"`
	Stack       drawStack       `cmd:"" help:"Channels with their partial maps, or a volume (--volume) as isometric slices. Example: convlab draw stack --input 5x5x5 --kernel 3 --volume -o volume.gif"`
	Matrix      drawMatrix      `cmd:"" help:"A layer as its matrix, zeros included. Example: convlab draw matrix --input 4x4 --kernel 3 -o matrix.html"`
	Kronecker   drawKronecker   `cmd:"" help:"A separable kernel's matrix as a Kronecker product. Example: convlab draw kronecker --column 1,2,1 --row=-1,0,1"`
	Reach       drawReach       `cmd:"" help:"Which input channels reach an output channel. Example: convlab draw reach --channels 12 --layers g3,s3,g3"`
	Connections drawConnections `cmd:"" help:"Groups or a shuffle as a matrix between channels. Example: convlab draw connections --channels 12 --layer s3"`
	Coverage    drawCoverage    `cmd:"" help:"Which pixels dilated layers read, and how often. Example: convlab draw coverage --rates 1,2,3"`
	Network     drawNetwork     `cmd:"" help:"A network's layers, or with --layer the inside of one. Example: convlab draw network resnet18 -o network.svg"`
	Costs       drawCosts       `cmd:"" help:"What each layer costs. Example: convlab draw costs 3.2"`
	Field       drawField       `cmd:"" help:"How the receptive field grows, or on a picture of yours what a unit sees. Example: convlab draw field 3.1 --photo cat.jpg --layer 5 --row 2 --column 3"`
	Kernels     drawKernels     `cmd:"" help:"A trained convolution's kernels, or with --film how they were learned. Example: convlab draw kernels 3.1"`
	Maps        drawMaps        `cmd:"" help:"The feature maps that a trained layer gives for an image. Example: convlab draw maps 3.1 --layer 1 --photo cat.jpg"`
	Influence   drawInfluence   `cmd:"" help:"The effective field of a unit, or without --unit which pixels are blind. Example: convlab draw influence 3.1 --layer 3 --unit 6,6"`
	Explain     drawExplain     `cmd:"" help:"Grad-CAM and occlusion beside those of random weights. Example: convlab draw explain 3.1 --photo cat.jpg --layer 4"`
	Confusion   drawConfusion   `cmd:"" help:"The confusion matrix of the test set with images behind its cells. Example: convlab draw confusion 3.1 -o confusion.html"`
	Mistakes    drawMistakes    `cmd:"" help:"The wrong answers of which a network was most sure. Example: convlab draw mistakes 3.1"`
	Curves      drawCurves      `cmd:"" help:"Loss and accuracy over the epochs of a run. Example: convlab draw curves 3.1"`
	Training    drawTraining    `cmd:"" help:"A training with kept epochs as a page to scrub through: kernels, maps, Grad-CAM, receptive field, confusion, loss. Example: convlab draw training 3.1 -o training.html"`
	Classes     drawClasses     `cmd:"" help:"Ten images of each class. Example: convlab draw classes"`
	Histograms  drawHistograms  `cmd:"" help:"How often each pixel value occurs per channel. Example: convlab draw histograms"`
}

// Help implements kong.HelpProvider.
func (drawCmd) Help() string {
	return "Pictures are written as .svg or .png; those with steps as .html (stepped through), .svg (plays), .gif or .png too. " +
		"CONVLAB_LANG=zh gives Chinese labels."
}

// target is where a picture goes.
type target struct {
	Out string `short:"o" type:"path" help:"File to write; its ending says how (default: the kind's name with .svg, or .html if it has steps)."`
}

// picture writes a picture and says so.
func (t target) picture(ctx context.Context, kind string, p *convviz.Picture, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	file := t.file(kind + ".svg")
	if err := convviz.Write(file, p, err); err != nil {
		return err
	}
	fmt.Println("drew", file)
	return nil
}

func (t target) file(otherwise string) string {
	if t.Out != "" {
		return t.Out
	}
	return otherwise
}

// filmTarget is where a picture with steps goes.
type filmTarget struct {
	target
	Step int `help:"For .png: which step is drawn, from 1 (default: the last)."`
}

func (t filmTarget) film(ctx context.Context, kind string, f *convviz.Film, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	file := t.file(kind + ".html")
	if err == nil && t.Step != 0 {
		if !strings.EqualFold(filepath.Ext(file), ".png") {
			return fmt.Errorf("--step is for .png, not for %s", file)
		}
		if t.Step < 1 || t.Step > f.Frames {
			return fmt.Errorf("there are steps 1 to %d, not %d", f.Frames, t.Step)
		}
		var data []byte
		if data, err = f.PNGFrame(t.Step - 1); err == nil {
			err = (&convviz.Picture{PNG: data}).Write(file)
		}
	} else {
		err = convviz.WriteFilm(file, f, err)
	}
	if err != nil {
		return err
	}
	fmt.Printf("drew %s, %d steps\n", file, f.Frames)
	return nil
}

// sides is a size as "5", "4x6" or "3x5x5".
type sides []int

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *sides) UnmarshalText(text []byte) error {
	*s = nil
	for _, part := range strings.Split(strings.ReplaceAll(string(text), "×", "x"), "x") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 1 || n > 1<<20 {
			return fmt.Errorf("%q is no size: write 5, 4x6 or 3x5x5", text)
		}
		*s = append(*s, n)
	}
	return nil
}

// fill repeats a single side until there are n.
func (s sides) fill(n int, what string) (sides, error) {
	if len(s) == 1 {
		for len(s) < n {
			s = append(s, s[0])
		}
	}
	if len(s) != n {
		return nil, fmt.Errorf("--%s %v has %d sides, the input has %d: give one side or as many", what, []int(s), len(s), n)
	}
	return s, nil
}

// numbers is a list as "1,-2,0.5".
type numbers []float64

// UnmarshalText implements encoding.TextUnmarshaler.
func (n *numbers) UnmarshalText(text []byte) error {
	*n = nil
	for _, part := range strings.FieldsFunc(string(text), func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		v, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return fmt.Errorf("%q is no number: write them as 1,-2,0.5", part)
		}
		*n = append(*n, v)
	}
	return nil
}
