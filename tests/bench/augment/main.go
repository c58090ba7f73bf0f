//go:build unix

// Command augment is package augment's side of the comparison in bench.py. It
// reads a file of images (width, height, number as little-endian 32-bit
// numbers, then the pixels) and then lines of the form
//
//	pipeline workers images
//
// from standard input, runs the pipeline on so many images, and answers with
// the seconds it took and the seconds of processor time it got for them.
package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
	"syscall"
	"time"

	"convlab/augment"
)

func main() {
	images, err := read(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	b := bench{images: images, loaders: map[string]*augment.Loader{}}
	fmt.Println(runtime.Version())
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var pipeline string
		var workers, n int
		if _, err := fmt.Sscan(lines.Text(), &pipeline, &workers, &n); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		start, used := time.Now(), processorTime()
		if err := b.run(pipeline, workers, n); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(time.Since(start).Seconds(), (processorTime() - used).Seconds())
	}
}

func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

type bench struct {
	images  []augment.Image
	sample  augment.Sample
	rand    augment.Rand
	done    int
	loaders map[string]*augment.Loader
}

// run makes n images: one after the other if workers is 0, else by a Loader in
// batches of 32.
func (b *bench) run(pipeline string, workers, n int) error {
	transform := map[string]func() augment.Compose{"lesson": augment.LessonTrain, "train32": augment.Train32, "valid": augment.LessonValid}[pipeline]()
	if workers > 0 {
		key := fmt.Sprint(pipeline, workers)
		if b.loaders[key] == nil {
			b.loaders[key] = &augment.Loader{
				Image:     func(i int) (augment.Image, error) { return b.images[i%len(b.images)], nil },
				Transform: transform, Size: 32, Workers: workers,
			}
		}
		order := make([]int, n)
		for i := range order {
			order[i] = i
		}
		for _, err := range b.loaders[key].Epoch(context.Background(), order, 0) {
			if err != nil {
				return err
			}
		}
		return nil
	}
	for range n {
		b.rand.Reset(1, 0, b.done)
		if err := b.sample.Set(b.images[b.done%len(b.images)]); err != nil {
			return err
		}
		if err := transform.Apply(&b.sample, &b.rand); err != nil {
			return err
		}
		if _, err := b.sample.Tensor(); err != nil {
			return err
		}
		b.done++
	}
	return nil
}

func read(path string) ([]augment.Image, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	w, h, n := int(binary.LittleEndian.Uint32(raw)), int(binary.LittleEndian.Uint32(raw[4:])), int(binary.LittleEndian.Uint32(raw[8:]))
	var images []augment.Image
	for i := range n {
		images = append(images, augment.Image{W: w, H: h, Pix: raw[12+i*w*h*3:][:w*h*3]})
	}
	return images, nil
}
