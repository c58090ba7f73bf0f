// Command convserve runs a network that convlab exported as StableHLO: it
// needs the file, a PJRT plugin and pictures, no GoMLX and no description of
// the network.
//
//	convlab export 3.2 net.stablehlo
//	convserve net.stablehlo cat.jpg dog.png
//	convserve --cuda net.stablehlo photos/*.jpg
//
// The file is a program, compiled by XLA: run files that you trust.
package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"

	"convlab/augment"
	"convlab/internal/lab"
	"convlab/internal/stop"

	"github.com/alecthomas/kong"
)

type cli struct {
	Program string   `arg:"" type:"path" help:"File that convlab export wrote, .stablehlo."`
	Images  []string `arg:"" type:"path" help:"JPEG, PNG, WebP, GIF, BMP or TIFF pictures."`
	CUDA    bool     `name:"cuda" help:"Run on the first GPU, with the CUDA plugin that make setup CUDA=13 brings."`
	Plugin  string   `type:"existingfile" help:"Another PJRT plugin, a shared library."`
	Top     int      `default:"3" help:"How many classes to print for each picture."`
}

func main() {
	stop.Main(stop.Command{Name: "convserve", Run: func(ctx context.Context) error {
		var c cli
		kong.Parse(&c, kong.Name("convserve"), kong.Description("Say what an exported network sees in pictures."))
		return c.run(ctx)
	}})
}

func (c *cli) run(ctx context.Context) error {
	plugin := c.Plugin
	if plugin == "" {
		device := "cpu"
		if c.CUDA {
			device = "cuda"
		}
		plugin = filepath.Join(lab.Plugins(), "pjrt_c_api_"+device+"_plugin.so")
		if _, err := os.Stat(plugin); err != nil {
			plugin = device // looked for in PJRT_PLUGIN_LIBRARY_PATH
		}
	}
	p, err := load(plugin, c.Program)
	if err != nil {
		return err
	}
	defer p.close()
	images := make([][]uint8, len(c.Images))
	for i, file := range c.Images {
		if err := ctx.Err(); err != nil {
			return err
		}
		if images[i], err = p.look(file); err != nil {
			return err
		}
	}
	logits, err := p.logits(ctx, images)
	if err != nil {
		return err
	}
	for i, file := range c.Images {
		fmt.Println(file)
		for _, g := range best(softmax(logits[i]), c.Top) {
			fmt.Printf("  %5.1f %%  %s\n", 100*g.p, p.class(g.class))
		}
	}
	return nil
}

// look makes a picture as large as the network wants it: the shorter side
// resized, the middle cut out.
func (p *program) look(file string) ([]uint8, error) {
	img, err := augment.DecodeFile(file, augment.Limits{})
	if err != nil {
		return nil, err
	}
	side := max(p.height, p.width)
	small, err := augment.Apply(augment.Compose{augment.Resize{Size: side}, augment.CenterCrop{Height: p.height, Width: p.width}}, img, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return small.Pix, nil
}

// class is the name of class i, or its number.
func (p *program) class(i int) string {
	if i < len(p.classes) {
		return p.classes[i]
	}
	return fmt.Sprintf("class %d", i)
}

type guess struct {
	class int
	p     float64
}

// best gives the n most likely classes, the most likely first.
func best(p []float64, n int) []guess {
	all := make([]guess, len(p))
	for i := range p {
		all[i] = guess{i, p[i]}
	}
	slices.SortStableFunc(all, func(a, b guess) int {
		switch {
		case a.p > b.p:
			return -1
		case a.p < b.p:
			return 1
		}
		return 0
	})
	return all[:max(0, min(n, len(all)))]
}

func softmax(logits []float32) []float64 {
	top, sum, p := slices.Max(logits), 0.0, make([]float64, len(logits))
	for i, v := range logits {
		p[i] = math.Exp(float64(v - top))
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}
