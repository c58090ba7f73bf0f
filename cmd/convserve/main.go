// Command convserve runs a network that convlab exported as StableHLO: it
// needs the file, a PJRT plugin and pictures, no GoMLX and no description of
// the network.
//
//	convlab export 3.2 net.stablehlo
//	convserve net.stablehlo cat.jpg dog.png
//	convserve --cuda net.stablehlo photos/*.jpg
//
// The file is a program, compiled by XLA. It may come from anywhere: it is read
// before XLA is given it, and runs if it is arithmetic on tensors, without calls
// into libraries, input from elsewhere, or loops, whose sizes together stay below
// --memory-limit. Compiling it, and a batch of pictures, end at --time-limit. The
// answers are the file's all the same: it may name any class for any picture.
package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"convlab/augment"
	"convlab/internal/labdir"
	"convlab/internal/likeliest"
	"convlab/internal/stop"

	"github.com/alecthomas/kong"
)

type cli struct {
	Program string   `arg:"" type:"path" help:"File that convlab export wrote, .stablehlo."`
	Images  []string `arg:"" type:"path" help:"JPEG, PNG, WebP, GIF, BMP or TIFF pictures."`
	CUDA    bool     `name:"cuda" help:"Run on the first GPU, with the CUDA plugin that make setup CUDA=13 brings."`
	Plugin  string   `type:"existingfile" help:"Another PJRT plugin, a shared library."`
	Top     int      `default:"3" help:"How many classes to print for each picture."`

	MemoryLimit int64         `default:"4096" placeholder:"MIB" help:"The most memory that the program may need by its own account, in MiB (${default})."`
	TimeLimit   time.Duration `default:"5m" help:"The longest that compiling, or a batch of pictures, may take (${default})."`
	AllowLoops  bool          `help:"Run a program with loops and choices, as no exported network has them."`
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
		plugin = filepath.Join(labdir.Plugins(), "pjrt_c_api_"+device+"_plugin.so")
		if _, err := os.Stat(plugin); err != nil {
			plugin = device // looked for in PJRT_PLUGIN_LIBRARY_PATH
		}
	}
	if c.MemoryLimit < 1 || c.MemoryLimit > 1<<30 || c.TimeLimit <= 0 {
		return fmt.Errorf("--memory-limit %d and --time-limit %v: both have to be above 0, and memory at most 2^30 MiB", c.MemoryLimit, c.TimeLimit)
	}
	p, err := load(plugin, c.Program, limits{memory: c.MemoryLimit << 20, loops: c.AllowLoops, time: c.TimeLimit})
	if err != nil {
		return err
	}
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
		return err // what takes too long still uses p
	}
	defer p.close()
	for i, file := range c.Images {
		sure := softmax(logits[i])
		if slices.ContainsFunc(sure, math.IsNaN) {
			return fmt.Errorf("%s: the network gives no numbers for it (its logits are NaN or infinite): its weights are broken", file)
		}
		fmt.Println(file)
		for _, g := range best(sure, c.Top) {
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
	var guesses []guess
	for _, class := range likeliest.Classes(p, n) {
		guesses = append(guesses, guess{class, p[class]})
	}
	return guesses
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
