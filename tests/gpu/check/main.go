// Command check trains networks on one device and compares what they lose with
// what they lost on another: the CPU's losses go into the GPU's bundle, and the
// GPU's checkpoints come back. run.sh in the folder above calls it.
//
//	check -images FILE -dir DIR reference   train here; losses and checkpoints go into DIR
//	check -images FILE -dir DIR compare     train here; print how far the losses are from those in DIR
//	check -images FILE -dir DIR resume      go on here from the checkpoints in DIR; print how far
//
// The device is the one that convlab chooses; GOMLX_BACKEND=go is pure Go.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/internal/backend"
)

// bench is where and on what networks are trained.
type bench struct {
	choice *backend.Choice
	images *cifar.Images
	dir    string
}

func run(file, dir, task, only string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	images, err := cifar.Decode(file, raw)
	if err != nil {
		return err
	}
	choice, err := cnnlib.OpenBackend()
	if err != nil {
		return err
	}
	b := bench{choice, images, dir}
	var failed error
	fmt.Printf("%s on %s\n", task, choice)
	for _, net := range networks {
		if only != "" && net.name != only {
			continue
		}
		switch task {
		case "reference":
			err = b.reference(net)
		case "compare":
			err = b.compare(net)
		case "resume":
			err = b.resume(net, filepath.Join(dir, net.name))
		default:
			err = fmt.Errorf("%q is neither reference, compare nor resume", task)
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", net.name, err))
		}
	}
	return failed
}

func main() {
	file := flag.String("images", "", "the file of images, in the form of CIFAR-10's")
	dir := flag.String("dir", "", "the folder of losses and checkpoints")
	only := flag.String("net", "", "only this network")
	flag.Parse()
	if err := run(*file, *dir, flag.Arg(0), *only); err != nil {
		fmt.Fprintln(os.Stderr, "check:", err)
		os.Exit(1)
	}
}
