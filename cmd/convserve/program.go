package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/gomlx/go-xla/pjrt"
)

// program is a compiled network: uint8 [batch, height, width, 3] to float32
// [batch, outputs].
type program struct {
	batch, height, width, outputs int
	classes                       []string // as the file says; nil: it says nothing
	client                        *pjrt.Client
	compiled                      *pjrt.LoadedExecutable
}

// largest is the size of the files that are read.
const largest = 4 << 30

var (
	signature = regexp.MustCompile(`func\.func (?:public )?@main\(%\w+: tensor<(\d{1,9})x(\d{1,9})x(\d{1,9})x3xui8>[^)]*\) -> tensor<(\d{1,9})x(\d{1,9})xf32>`)
	naming    = regexp.MustCompile(`(?m)^// classes: (.+)$`)
)

// parse reads what the head of the text says.
func (p *program) parse(file string, text []byte) error {
	head := text[:min(len(text), 1<<16)]
	m := signature.FindSubmatch(head)
	if m == nil {
		return fmt.Errorf("%s: its first 64 KiB have no function main from tensor<batch x height x width x 3 x ui8> to tensor<batch x classes x f32>: write it with convlab export NET file.stablehlo", file)
	}
	var n [5]int
	for i := range n {
		n[i], _ = strconv.Atoi(string(m[i+1])) // digits, at most 9
	}
	p.batch, p.height, p.width, p.outputs = n[0], n[1], n[2], n[4]
	if n[0] != n[3] || p.batch < 1 || p.height < 1 || p.width < 1 || p.outputs < 1 || p.batch*p.height > largest/3/p.width {
		return fmt.Errorf("%s: main takes %s and gives %sx%s: this is no network for pictures", file, m[0], m[4], m[5])
	}
	if c := naming.FindSubmatch(head); c != nil {
		p.classes = strings.Split(string(c[1]), ",")
		if len(p.classes) != p.outputs {
			return fmt.Errorf("%s: it names %d classes and has %d outputs", file, len(p.classes), p.outputs)
		}
	}
	return nil
}

// load compiles a file with a plugin: a path or a name as "cpu".
func load(plugin, file string) (*program, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	if info.Size() > largest {
		return nil, fmt.Errorf("%s has %d bytes, at most %d are read", file, info.Size(), int64(largest))
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	p := &program{}
	if err := p.parse(file, text); err != nil {
		return nil, err
	}
	if filepath.IsAbs(plugin) { // CUDA's plugin finds NVIDIA's libraries from where it lies
		if plugin, err = filepath.EvalSymlinks(plugin); err != nil {
			return nil, fmt.Errorf("%w", err)
		}
	}
	loaded, err := pjrt.GetPlugin(plugin)
	if err != nil {
		return nil, fmt.Errorf("plugin %s: %w; make setup brings the one for CPUs, make setup CUDA=13 the one for CUDA", plugin, err)
	}
	if p.client, err = loaded.NewClient(nil); err != nil {
		return nil, fmt.Errorf("plugin %s does not start: %w", plugin, err)
	}
	if p.compiled, err = p.client.Compile().WithStableHLO(text).Done(); err != nil {
		p.close()
		return nil, fmt.Errorf("%s does not compile: %w", file, err)
	}
	return p, nil
}

func (p *program) close() {
	if p.compiled != nil {
		p.compiled.Destroy()
	}
	p.client.Destroy()
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
		flat, err := p.run(pixels)
		if err != nil {
			return nil, err
		}
		for i := range count {
			all = append(all, flat[i*p.outputs:(i+1)*p.outputs])
		}
	}
	return all, nil
}

func (p *program) run(pixels []uint8) ([]float32, error) {
	in, err := pjrt.ArrayToBuffer(p.client, pixels, p.batch, p.height, p.width, 3)
	if err != nil {
		return nil, fmt.Errorf("pixels to the device: %w", err)
	}
	defer in.Destroy()
	out, err := p.compiled.Execute(in).OnDeviceByNum(0).Done()
	if err != nil {
		return nil, fmt.Errorf("%w", err)
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
