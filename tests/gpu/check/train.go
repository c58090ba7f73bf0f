package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/train"
	"convlab/internal/atomicfile"
)

// A network is trained for two epochs with the same settings everywhere.
type network struct {
	name  string
	net   cnnlib.Sequential
	saved bool    // its checkpoints travel: they are small enough
	first float64 // how far apart the first losses may be, relative to them
	most  float64 // … and all others, which drift apart as rounding adds up; in pure Go dropout draws other numbers
}

var networks = []network{
	{"small", cnnlib.Sequential{
		cnnlib.Conv{Out: 16, Kernel: 3, NoBias: true}, cnnlib.BatchNorm{}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2},
		cnnlib.Conv{Out: 32, Kernel: 3, Groups: 4}, cnnlib.GELU{}, cnnlib.MaxPool{Size: 2}, cnnlib.Dropout{Rate: 0.25},
		cnnlib.Flatten{}, cnnlib.Dense{Out: cifar.NumClasses},
	}, true, 1e-5, 0.05},
	{"3.2", nets.LessonNet(), false, 1e-5, 0.02},
	{"resnet20", nets.ResNet20(cifar.NumClasses), true, 1e-5, 0.1},
}

const (
	batch  = 100
	epochs = 2
)

// A record is what training on one device gave.
type record struct {
	Device string
	Losses []float64 // of each step
}

func (b bench) path(name string) string { return filepath.Join(b.dir, name+".json") }

// model is net with the same initial weights on every device.
func (b bench) model(net network, bfloat16 bool) (*cnnlib.Model, error) {
	return cnnlib.New(b.choice.Backend, net.net, nets.CIFARInput(), cnnlib.Options{Seed: 1, Mean: cifar.Mean[:], Std: cifar.Std[:], BFloat16: bfloat16})
}

// train gives the losses of the steps that were still to do. With a folder,
// checkpoints go there; half stops in the middle, so that one is left.
func (b bench) train(net network, folder string, half, bfloat16 bool) (losses []float64, err error) {
	m, err := b.model(net, bfloat16)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err = train.Fit(ctx, m, b.images, train.Config{Epochs: epochs, BatchSize: batch, Seed: 1, Dir: folder, OnStep: func(s train.Step) {
		losses = append(losses, s.Loss)
		if half && s.Epoch == epochs && s.Done == 1 {
			cancel()
		}
	}})
	if half && errors.Is(err, context.Canceled) {
		err = nil
	}
	return losses, err
}

// reference writes the losses of this device, and a checkpoint in the middle
// that another device can go on from. The losses behind it are those of a
// training that goes on from it: where the same training twice differs, the
// other device is compared with what followed this very checkpoint.
func (b bench) reference(net network) error {
	var losses []float64
	folder := ""
	if net.saved {
		kept, err := os.MkdirTemp("", net.name)
		if err != nil {
			return err
		}
		defer os.RemoveAll(kept)
		saved := filepath.Join(b.dir, net.name)
		if losses, err = b.train(net, saved, true, false); err != nil {
			return err
		}
		if err := os.CopyFS(kept, os.DirFS(saved)); err != nil {
			return err
		}
		folder = kept
	}
	rest, err := b.train(net, folder, false, false)
	if err != nil {
		return err
	}
	losses = append(losses, rest...)
	fmt.Printf("%s: %d losses, from %.4f to %.4f\n", net.name, len(losses), losses[0], losses[len(losses)-1])
	return write(b.path(net.name), record{b.choice.Name, losses})
}

// compare trains as the reference was trained, in float32 and in bfloat16, and
// goes on from its checkpoint.
func (b bench) compare(net network) error {
	losses, err := b.train(net, "", false, false)
	if err != nil {
		return err
	}
	failed := b.far(net, "in float32", losses)
	again, err := b.train(net, "", false, false)
	if err != nil {
		return errors.Join(failed, err)
	}
	fmt.Printf("%s: the same training once more gives the same losses: %t\n", net.name, slices.Equal(losses, again))
	rough, err := b.train(net, "", false, true)
	if err != nil {
		return errors.Join(failed, err)
	}
	from, to := apart(losses[:1], rough[:1]), apart(losses[len(losses)-1:], rough[len(rough)-1:])
	fmt.Printf("%s: in bfloat16 the first loss is %.2g away from float32's, the last %.2g (%.4f and %.4f)\n", net.name, from, to, rough[len(rough)-1], losses[len(losses)-1])
	return errors.Join(failed, b.resume(net, filepath.Join(b.dir, net.name)))
}

// resume goes on from a checkpoint of another device.
func (b bench) resume(net network, folder string) error {
	if !net.saved {
		return nil
	}
	losses, err := b.train(net, folder, false, false)
	if err != nil {
		return err
	}
	return b.far(net, "resumed from a checkpoint of the other device", losses)
}

// far tells how far losses, the last of a training, are from the reference's.
func (b bench) far(net network, how string, losses []float64) error {
	raw, err := os.ReadFile(b.path(net.name))
	if err != nil {
		return err
	}
	var want record
	if err := json.Unmarshal(raw, &want); err != nil {
		return fmt.Errorf("%s: %w", b.path(net.name), err)
	}
	if len(losses) == 0 || len(losses) > len(want.Losses) {
		return fmt.Errorf("%d losses, %s has %d", len(losses), want.Device, len(want.Losses))
	}
	wanted := want.Losses[len(want.Losses)-len(losses):]
	first, most := apart(losses[:1], wanted[:1]), apart(losses, wanted)
	fmt.Printf("%s: %s: %d steps, the first loss is %.2g away from that of %s, the farthest %.2g, relative to it\n", net.name, how, len(losses), first, want.Device, most)
	if len(losses) == len(want.Losses) && !(first <= net.first) || !(most <= net.most) {
		return fmt.Errorf("too far: at most %g for the first and %g for the others", net.first, net.most)
	}
	return nil
}

// apart is the largest distance of two losses, relative to the wanted one.
func apart(got, want []float64) (most float64) {
	for i := range want {
		most = max(most, math.Abs(got[i]-want[i])/want[i])
	}
	return most
}

func write(path string, r record) error {
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return atomicfile.WriteFile(path, raw)
}
