//go:build unix

// Command network is the Go side of the comparisons in bench.py and in
// ../nets/bench.py: a network as convlab trains and runs it, and network 3.2 as
// GoMLX's own layers do ("plain"). It reads lines of the form
//
//	convlab train STEPS        plain train STEPS        batches of 256, or of -batch
//	convlab infer BATCH STEPS  plain infer BATCH STEPS
//	convlab gemm SIDE STEPS    a product of two square matrices
//	convlab add NUMBERS STEPS  one added to each of so many numbers
//
// and answers each with the seconds it took, the processor time of all threads
// and the last loss, or with "error: …". With -short it takes a few turns
// itself and prints the ratios.
//
//	go run ./tests/bench/network -short
package main

import (
	"bufio"
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/internal/atomicfile"
	"convlab/internal/labdir"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// program is one way to train and run a network.
type program interface {
	train(steps int) (loss float64, err error)
	infer(pixels []uint8, n int) error // waits for the logits in host memory
}

type bench struct {
	backend  compute.Backend
	images   images
	programs map[string]program
	gemm     *graph.Exec
	add      *graph.Exec
	inputs   map[string]*tensors.Tensor // of these two, by shape
}

func newBench(b compute.Backend, images images, net string, bfloat16 bool) (*bench, error) {
	value, ok := networks[net]
	if !ok {
		return nil, fmt.Errorf("there is no network %q", net)
	}
	ours, err := newConvlab(b, images, value(), bfloat16)
	if err != nil {
		return nil, err
	}
	programs := map[string]program{"convlab": ours}
	if net == "3.2" && !bfloat16 {
		if programs["plain"], err = newPlain(b, images); err != nil {
			return nil, err
		}
	}
	gemm, err := graph.NewExec(b, func(x *graph.Node) *graph.Node { return graph.Dot(x, x).Product() })
	if err != nil {
		return nil, err
	}
	add, err := graph.NewExec(b, func(x *graph.Node) *graph.Node { return graph.OnePlus(x) })
	if err != nil {
		return nil, err
	}
	return &bench{b, images, programs, gemm, add, map[string]*tensors.Tensor{}}, nil
}

// answer does what a line asks for.
func (b *bench) answer(words []string) (string, error) {
	var numbers []int
	for _, w := range words[min(2, len(words)):] {
		n, err := strconv.Atoi(w)
		if err != nil || n < 1 {
			return "", fmt.Errorf("%q is not a number above 0", w)
		}
		numbers = append(numbers, n)
	}
	if len(words) < 3 || b.programs[words[0]] == nil {
		return "", fmt.Errorf("what is %q?", words)
	}
	p, loss := b.programs[words[0]], 0.0
	start, used := time.Now(), processorTime()
	var err error
	switch {
	case words[1] == "train" && len(numbers) == 1:
		loss, err = p.train(numbers[0])
	case words[1] == "infer" && len(numbers) == 2:
		for i := range numbers[1] {
			pixels, _ := b.images.batch(i, numbers[0])
			if err = p.infer(pixels, numbers[0]); err != nil {
				break
			}
		}
	case words[1] == "gemm" && len(numbers) == 2:
		err = b.repeat(b.gemm, numbers[1], numbers[0], numbers[0])
	case words[1] == "add" && len(numbers) == 2:
		err = b.repeat(b.add, numbers[1], numbers[0])
	default:
		return "", fmt.Errorf("what is %q?", words)
	}
	return fmt.Sprintf("%.6f %.6f %.4f", time.Since(start).Seconds(), (processorTime() - used).Seconds(), loss), err
}

// repeat runs a program so many times on an input of these sizes.
func (b *bench) repeat(program *graph.Exec, times int, dims ...int) error {
	key := fmt.Sprint(dims)
	if b.inputs[key] == nil {
		b.inputs[key] = tensors.FromShape(shapes.Make(dtypes.Float32, dims...))
	}
	for range times {
		y, err := program.Call1(b.inputs[key])
		if err != nil {
			return err
		}
		if err := y.FinalizeAll(); err != nil {
			return err
		}
	}
	return nil
}

func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// read gives the images of the training set in dir, or of one file in the form
// of the data set's.
func read(dir, file string) (*cifar.Images, error) {
	if file == "" {
		data, err := cifar.Read(dir)
		if err != nil {
			return nil, err
		}
		return data.Train, nil
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return cifar.Decode(file, raw)
}

func run(dir, file, order, net string, batch int, bfloat16, short bool) error {
	data, err := read(dir, file)
	if err != nil {
		return err
	}
	choice, err := cnnlib.OpenBackend()
	if err != nil {
		return err
	}
	b, err := newBench(choice.Backend, newImages(data, batch), net, bfloat16)
	if err != nil {
		return err
	}
	if order != "" {
		var raw []byte
		for _, i := range b.images.order {
			raw = binary.LittleEndian.AppendUint32(raw, uint32(i%b.images.Images.Len()))
		}
		if err := atomicfile.WriteFile(order, raw); err != nil {
			return err
		}
	}
	if short {
		return b.short()
	}
	fmt.Println(choice.Name)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		text, err := b.answer(strings.Fields(lines.Text()))
		if err != nil {
			text = "error: " + strings.ReplaceAll(err.Error(), "\n", " ")
		}
		fmt.Println(text)
	}
	return nil
}

func main() {
	short := flag.Bool("short", false, "take a few turns and print the ratios of convlab to plain GoMLX")
	dir := flag.String("data", labdir.Data(), "the folder of CIFAR-10")
	file := flag.String("images", "", "a file of images in the data set's form, in place of the folder")
	bfloat16 := flag.Bool("bfloat16", false, "compute the layers in bfloat16")
	net := flag.String("net", "3.2", "the network: 3.2, resnet20, mobilenetv2 or shufflenetv2")
	batch := flag.Int("batch", 256, "images in a step of training")
	order := flag.String("order", "", "write to this file, as 32-bit numbers, which image comes when")
	flag.Parse()
	if err := run(*dir, *file, *order, *net, *batch, *bfloat16, *short); err != nil {
		fmt.Fprintln(os.Stderr, "network:", err)
		os.Exit(1)
	}
}
