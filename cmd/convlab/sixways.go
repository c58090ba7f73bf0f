package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"convlab/cifar"
	"convlab/cnnlib/train"
	"convlab/convviz"
	"convlab/internal/atomicfile"
	"convlab/internal/stop"
	"convlab/recipes"
)

type sixWaysCmd struct {
	dataFlag
	Net     string   `default:"3.2" enum:"3.1,3.2" help:"Network of the lesson that is tuned: 3.1 or 3.2."`
	Epochs  int      `default:"5" help:"Epochs of every trial."`
	Seeds   int      `default:"3" help:"Trials of every setting."`
	Images  int      `help:"Images to train on (default: all that are not for validation)."`
	Valid   int      `default:"5000" help:"Images for validation."`
	Ways    []string `help:"Only these ways, as channels,\"learning rate\" (default: all six); the lesson's own setting is run too."`
	Dir     string   `type:"path" help:"Folder of the trials, table and plot (default: sixways-NET in the lab's runs folder)."`
	Workers int      `default:"1" help:"Processes that share the trials on this machine."`
	Index   int      `env:"JOB_COMPLETION_INDEX" help:"This process's share, from 0; Kubernetes sets JOB_COMPLETION_INDEX."`
	Of      int      `default:"1" help:"Number of shares."`
	Table   bool     `help:"Run nothing: only table and plot of what is finished."`
}

// Help is shown by --help.
func (*sixWaysCmd) Help() string {
	return `Network 3.2, or 3.1, with one thing changed at a time: channels, dense layers, learning rate, optimizer, activation, augmentation. Every
setting is trained on the same images for the same epochs with each seed and measured on 5,000 validation images. Ctrl-C saves; the same
command goes on, in as many processes as you like: no trial is run twice. sixways.md and sixways.png in --dir are written anew at the end of
each process.

Examples:
  convlab sixways --workers 2
  convlab sixways --net 3.1 --images 10000
  convlab sixways --epochs 1 --seeds 1 --images 2560 --dir /tmp/try
  convlab sixways --index 0 --of 8`
}

func (c *sixWaysCmd) experiment() (recipes.Experiment, error) {
	base, err := network{c.Net}.classifier()
	if err != nil {
		return recipes.Experiment{}, err
	}
	c.Dir = runFolder(c.Dir, "sixways-"+c.Net)
	e := recipes.Experiment{Settings: recipes.SixWays(base), Seeds: c.Seeds, Epochs: c.Epochs, Images: c.Images, Valid: c.Valid, Dir: c.Dir}
	if len(c.Ways) > 0 {
		for _, way := range c.Ways {
			if !slices.ContainsFunc(e.Settings, func(s recipes.Setting) bool { return s.Way == way }) {
				return e, fmt.Errorf("there is no way %q: they are channels, dense layers, learning rate, optimizer, activation, augmentation", way)
			}
		}
		e.Settings = slices.DeleteFunc(e.Settings, func(s recipes.Setting) bool { return s.Way != "base" && !slices.Contains(c.Ways, s.Way) })
	}
	if c.Of < 1 || c.Index < 0 || c.Index >= c.Of || c.Workers < 1 {
		return e, fmt.Errorf("share %d of %d with %d workers: shares count from 0 to --of less 1, and there is at least one worker", c.Index, c.Of, c.Workers)
	}
	return e, nil
}

func (c *sixWaysCmd) Run(ctx context.Context) error {
	e, err := c.experiment()
	if err != nil {
		return err
	}
	if !c.Table {
		if err := atomicfile.Writable(e.Dir); err != nil { // the table comes after hours
			return err
		}
	}
	switch {
	case c.Table:
	case c.Workers > 1:
		if _, err := cifar.Open(ctx, c.Data); err != nil { // fetched once, by this process
			return err
		}
		if err := c.workers(ctx); err != nil {
			return err
		}
	default:
		if err := c.trials(ctx, e); err != nil {
			return err
		}
	}
	table, err := e.Table()
	if err != nil {
		return err
	}
	fmt.Print(table)
	if table.Finished == 0 {
		return nil
	}
	picture, err := convviz.SixWays(table)
	if err != nil {
		return err
	}
	return errors.Join(atomicfile.WriteFile(filepath.Join(e.Dir, "sixways.md"), []byte(table.String())),
		atomicfile.WriteFile(filepath.Join(e.Dir, "sixways.png"), picture.PNG))
}

// trials runs this process's share.
func (c *sixWaysCmd) trials(ctx context.Context, e recipes.Experiment) error {
	data, err := cifar.Open(ctx, c.Data)
	if err != nil {
		return err
	}
	b, err := openBackend(ctx)
	if err != nil {
		return err
	}
	all := e.Trials()
	for i, t := range all {
		if i%c.Of != c.Index {
			continue
		}
		o, err := e.Run(ctx, b, data, t, os.Stderr)
		if errors.Is(err, train.ErrBusy) {
			fmt.Fprintf(os.Stderr, "trial %d of %d, %s %s, seed %d: another process has it\n", i+1, len(all), t.Way, t.Name, t.Seed)
			continue
		} else if err != nil {
			return fmt.Errorf("%s %s, seed %d: %w", t.Way, t.Name, t.Seed, err)
		}
		fmt.Printf("trial %d of %d, %s %s, seed %d: %.2f %%\n", i+1, len(all), t.Way, t.Name, t.Seed, 100*o.Accuracy)
	}
	return nil
}

// isWorker is the environment variable that is set for the processes which
// workers starts: of a stop this one tells.
const isWorker = "CONVLAB_SIXWAYS_WORKER"

// workers runs this command in several processes, each with a part of this
// process's share. Ctrl-C reaches them too, and they save.
func (c *sixWaysCmd) workers(ctx context.Context) error {
	defer stop.Hold(ctx)()
	self, err := os.Executable()
	if err != nil {
		return err
	}
	running := make([]*exec.Cmd, c.Workers)
	for i := range running {
		cmd := exec.CommandContext(ctx, self, "sixways", "--data", c.Data, "--dir", c.Dir, "--net", c.Net,
			"--epochs", strconv.Itoa(c.Epochs), "--seeds", strconv.Itoa(c.Seeds), "--images", strconv.Itoa(c.Images),
			"--valid", strconv.Itoa(c.Valid), "--index", strconv.Itoa(c.Index+i*c.Of), "--of", strconv.Itoa(c.Of*c.Workers))
		for _, way := range c.Ways {
			cmd.Args = append(cmd.Args, "--ways", way)
		}
		cmd.Env = append(os.Environ(), isWorker+"=1")
		cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
		cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
		cmd.WaitDelay = time.Minute // to save
		if err := cmd.Start(); err != nil {
			return err
		}
		running[i] = cmd
	}
	var first error
	for i, cmd := range running {
		if err := cmd.Wait(); err != nil {
			first = cmp.Or(first, fmt.Errorf("worker %d of %d failed; what it said stands above", i+1, c.Workers))
		}
	}
	if err := ctx.Err(); err != nil {
		return &stop.Error{Says: "stopped; the same command goes on from here", Cause: err}
	}
	return first
}
