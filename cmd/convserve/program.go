package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"convlab/internal/filekind"
	"convlab/internal/stablehlo"
)

// program is a compiled network: uint8 [batch, height, width, 3] to float32
// [batch, outputs].
type program struct {
	batch, height, width, outputs int
	classes                       []string // as the file says; nil: it says nothing
	limit                         time.Duration
	compiled
}

// limits are what a file may ask for.
type limits struct {
	memory int64 // bytes
	loops  bool
	time   time.Duration // for compiling, and for each batch
}

// parse reads the text and leaves of it what XLA may be given.
func (p *program) parse(file string, text []byte, l limits) error {
	is, err := stablehlo.Check(text, stablehlo.Limits{Memory: l.memory, Loops: l.loops})
	if err != nil {
		if what := filekind.Of(text); what != "" && what != "a StableHLO program" {
			return fmt.Errorf("%s is %s; convserve runs programs that convlab export NET file.stablehlo writes", file, what)
		}
		var large *stablehlo.MemoryError
		if errors.As(err, &large) {
			return fmt.Errorf("%s: %w; --memory-limit raises it", file, err)
		}
		return fmt.Errorf("%s: %w", file, err)
	}
	if len(is.Inputs) != 1 || len(is.Outputs) != 1 {
		return fmt.Errorf("%s: main takes %d tensors and gives %d; a network takes one of pixels and gives one of logits", file, len(is.Inputs), len(is.Outputs))
	}
	in, out := is.Inputs[0], is.Outputs[0]
	if in.Elem != "ui8" || len(in.Dims) != 4 || in.Dims[3] != 3 || out.Elem != "f32" || len(out.Dims) != 2 || in.Dims[0] != out.Dims[0] ||
		in.Bytes() == 0 || out.Bytes() == 0 {
		return fmt.Errorf("%s: main takes %s and gives %s; a network takes ui8 [batch, height, width, 3] and gives f32 [batch, classes]", file, in, out)
	}
	p.batch, p.height, p.width, p.outputs = int(in.Dims[0]), int(in.Dims[1]), int(in.Dims[2]), int(out.Dims[1])
	if p.classes = is.Classes; p.classes != nil && len(p.classes) != p.outputs {
		return fmt.Errorf("%s: it names %d classes and has %d outputs", file, len(p.classes), p.outputs)
	}
	return nil
}

// read gives the text of a file.
func read(file string, l limits) ([]byte, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w", err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a file", file)
	case info.Size() > l.memory:
		return nil, fmt.Errorf("%s has %d MiB, the limit of memory is %d MiB; --memory-limit raises it", file, info.Size()>>20, l.memory>>20)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	return text, nil
}

// load compiles a file with a plugin: a path or a name as "cpu".
func load(plugin, file string, l limits) (*program, error) {
	text, err := read(file, l)
	if err != nil {
		return nil, err
	}
	p := &program{limit: l.time}
	if err := p.parse(file, text, l); err != nil {
		return nil, err
	}
	if filepath.IsAbs(plugin) { // CUDA's plugin finds NVIDIA's libraries from where it lies
		if plugin, err = filepath.EvalSymlinks(plugin); err != nil {
			return nil, fmt.Errorf("%w", err)
		}
	}
	if err := p.compile(plugin, file, text); err != nil {
		return nil, err
	}
	return p, nil
}

// oneLine is what an error of XLA says, without the program that it shows.
func oneLine(err error) string {
	first, _, _ := strings.Cut(strings.TrimSpace(err.Error()), "\n")
	return first
}

// errSlow is the error of what took too long; it goes on behind.
var errSlow = errors.New("--time-limit gives it more time")

// within gives what f gives, or an error if that takes too long. XLA cannot be
// stopped: it is left behind, and ends with the process.
func within[T any](limit time.Duration, what string, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := f()
		done <- result{value, err}
	}()
	late := time.NewTimer(limit)
	defer late.Stop()
	select {
	case r := <-done:
		return r.value, r.err
	case <-late.C:
		var none T
		return none, fmt.Errorf("%s after %v: %w", what, limit, errSlow)
	}
}

// logits runs the program on images of height·width·3 bytes, batch by batch;
// the last batch is filled with black.
func (p *program) logits(ctx context.Context, images [][]uint8) ([][]float32, error) {
	size := p.height * p.width * 3
	var all [][]float32
	for start := 0; start < len(images); start += p.batch {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		pixels := make([]uint8, p.batch*size)
		count := min(p.batch, len(images)-start)
		for i, img := range images[start : start+count] {
			if len(img) != size {
				return nil, fmt.Errorf("image %d has %d bytes, should have %d", start+i, len(img), size)
			}
			copy(pixels[i*size:], img)
		}
		flat, err := within(p.limit, "the program still runs", func() ([]float32, error) { return p.run(pixels) })
		if err != nil {
			return nil, err
		}
		for i := range count {
			all = append(all, flat[i*p.outputs:(i+1)*p.outputs])
		}
	}
	return all, nil
}
