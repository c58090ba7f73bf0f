//go:build cgo

package main

import (
	"errors"
	"fmt"

	"convlab/internal/kernels"

	"github.com/gomlx/go-xla/pjrt"
)

// compiled is a program that a plugin compiled.
type compiled struct {
	client *pjrt.Client
	loaded *pjrt.LoadedExecutable
}

// compile compiles the text of a file with a plugin: a path or a name as "cpu".
func (p *program) compile(plugin, file string, text []byte) error {
	kernels.Use(plugin)
	loaded, err := pjrt.GetPlugin(plugin)
	if err != nil {
		return fmt.Errorf("plugin %s: %w; make setup brings the one for CPUs, make setup CUDA=13 the one for CUDA", plugin, err)
	}
	if p.client, err = loaded.NewClient(nil); err != nil {
		return fmt.Errorf("plugin %s does not start: %w", plugin, err)
	}
	p.loaded, err = within(p.limit, file+" is still being compiled", func() (*pjrt.LoadedExecutable, error) {
		compiled, err := p.client.Compile().WithStableHLO(text).Done()
		if err != nil {
			return nil, fmt.Errorf("%s does not compile: %s", file, oneLine(err))
		}
		return compiled, nil
	})
	if err != nil {
		if !errors.Is(err, errSlow) {
			p.close()
		}
		return err
	}
	return nil
}

func (p *program) close() {
	if p.loaded != nil {
		p.loaded.Destroy()
	}
	p.client.Destroy()
}

func (p *program) run(pixels []uint8) ([]float32, error) {
	in, err := pjrt.ArrayToBuffer(p.client, pixels, p.batch, p.height, p.width, 3)
	if err != nil {
		return nil, fmt.Errorf("pixels to the device: %w", err)
	}
	defer in.Destroy()
	out, err := p.loaded.Execute(in).OnDeviceByNum(0).Done()
	if err != nil {
		return nil, fmt.Errorf("the program does not run: %s", oneLine(err))
	}
	if len(out) != 1 {
		return nil, fmt.Errorf("%d results came back, 1 was expected", len(out))
	}
	defer out[0].Destroy()
	flat, _, err := pjrt.BufferToArray[float32](out[0])
	if err == nil && len(flat) != p.batch*p.outputs {
		err = fmt.Errorf("%d numbers came back, %d were expected", len(flat), p.batch*p.outputs)
	}
	if err != nil {
		return nil, fmt.Errorf("logits from the device: %w", err)
	}
	return flat, nil
}
