// Command gopjrt runs a network that convlab exported as StableHLO with gopjrt,
// the package by which Go programs talked to XLA before its author continued it
// as go-xla. It is a module of its own, since a program has room for one of the
// two, and reads pixels, as bytes, from its input:
//
//	gopjrt PLUGIN net.stablehlo BATCH HEIGHT WIDTH <pixels
//
// It prints the logits of the whole batch as JSON.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/gomlx/gopjrt/pjrt"
)

func main() {
	logits, err := run(os.Args[1:])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(logits)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gopjrt:", err)
		os.Exit(1)
	}
}

func run(args []string) ([]float32, error) {
	if len(args) != 5 {
		return nil, fmt.Errorf("%d arguments, want PLUGIN FILE BATCH HEIGHT WIDTH", len(args))
	}
	dims := []int{0, 0, 0, 3}
	for i, a := range args[2:] {
		n, err := strconv.Atoi(a)
		if err != nil {
			return nil, err
		}
		dims[i] = n
	}
	program, err := os.ReadFile(args[1])
	if err != nil {
		return nil, err
	}
	pixels, err := io.ReadAll(os.Stdin)
	if err != nil {
		return nil, err
	}
	plugin, err := pjrt.GetPlugin(args[0])
	if err != nil {
		return nil, err
	}
	client, err := plugin.NewClient(nil)
	if err != nil {
		return nil, err
	}
	defer client.Destroy()
	compiled, err := client.Compile().WithStableHLO(program).Done()
	if err != nil {
		return nil, err
	}
	defer compiled.Destroy()
	in, err := pjrt.ArrayToBuffer(client, pixels, dims...)
	if err != nil {
		return nil, err
	}
	defer in.Destroy()
	out, err := compiled.Execute(in).OnDeviceByNum(0).Done()
	if err != nil {
		return nil, err
	}
	defer out[0].Destroy()
	logits, _, err := pjrt.BufferToArray[float32](out[0])
	return logits, err
}
