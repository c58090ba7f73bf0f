// Command peers saves, loads and flips checkpoints of GoMLX or of convlab in
// the same way, so that the tests of tests/faults can do the same to both.
//
//	peers gomlx save DIR       saves again and again, and says so after each time
//	peers gomlx load DIR       fails if there is nothing that loads
//	peers gomlx flips DIR 100  flips one bit of what is saved there, loads, and so on
//
// torch_peer.py does the same with torch.save.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/checkpoint"
)

// numbers is how many are saved, as float32: 1 MB.
const numbers = 250_000

// A peer can save and load.
type peer interface {
	// save saves in dir until it fails, and tells after each time.
	save(dir string, saved func()) error
	// load gives a sum of what it loads from dir.
	load(dir string) ([]byte, error)
}

// Flips is what came out of flipped bits.
type Flips struct {
	Refused int // an error
	Same    int // loaded, and right all the same
	Wrong   int // loaded without an error, and wrong
	Panics  int
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	p, known := map[string]peer{"gomlx": gomlx{}, "convlab": ours{}}[args[0]]
	if !known {
		return fmt.Errorf("who is %q?", args[0])
	}
	dir := args[2]
	switch args[1] {
	case "save":
		return p.save(dir, func() { fmt.Println("saved") })
	case "load":
		_, err := p.load(dir)
		return err
	case "flips":
		n, err := strconv.Atoi(args[3])
		if err != nil {
			return err
		}
		f, err := flips(p, dir, n)
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(f)
	}
	return fmt.Errorf("what is %q?", args[1])
}

// flips flips a bit of the files in dir, of each as often as it is long, loads,
// and flips it back.
func flips(p peer, dir string, n int) (f Flips, err error) {
	good, err := p.load(dir)
	if err != nil {
		return f, err
	}
	var files []string
	var ends []int // of each file, in all their bytes
	total := 0
	entries, err := os.ReadDir(dir)
	if err != nil {
		return f, err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			return f, err
		}
		total += int(info.Size())
		files, ends = append(files, filepath.Join(dir, e.Name())), append(ends, total)
	}
	random := rand.New(rand.NewPCG(7, 7))
	for range n {
		at, i := random.IntN(total), 0
		for at >= ends[i] {
			i++
		}
		content, err := os.ReadFile(files[i])
		if err != nil {
			return f, err
		}
		flipped := bytes.Clone(content)
		flipped[at-(ends[i]-len(content))] ^= 1 << random.IntN(8)
		if err := os.WriteFile(files[i], flipped, 0o644); err != nil {
			return f, err
		}
		got, err := try(p, dir)
		switch {
		case errors.Is(err, errPanic):
			f.Panics++
		case err != nil:
			f.Refused++
		case bytes.Equal(got, good):
			f.Same++
		default:
			f.Wrong++
		}
		if err := os.WriteFile(files[i], content, 0o644); err != nil {
			return f, err
		}
	}
	return f, nil
}

var errPanic = errors.New("it panics")

func try(p peer, dir string) (sum []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", errPanic, r)
		}
	}()
	return p.load(dir)
}

// sum is that of all variables of a store.
func sum(store *model.Store) ([]byte, error) {
	h := sha256.New()
	for v := range store.IterVariables() {
		t, err := v.Value()
		if err != nil {
			return nil, err
		}
		fmt.Fprintln(h, v.Path(), t.Shape())
		if err := t.ConstBytes(func(data []byte) { h.Write(data) }); err != nil {
			return nil, err
		}
	}
	return h.Sum(nil), nil
}

// gomlx is package checkpoint of GoMLX, as its documentation uses it.
type gomlx struct{}

func (gomlx) save(dir string, saved func()) error {
	store := model.NewStore()
	random := rand.New(rand.NewPCG(1, 1))
	values := make([]float32, numbers)
	for i := range values {
		values[i] = random.Float32()
	}
	v := store.VariableWithValue("/weights", values)
	h, err := checkpoint.Build(store).Dir(dir).Keep(3).Done()
	if err != nil {
		return err
	}
	for step := float32(0); ; step++ {
		values[0] = step
		if err := v.SetValue(tensors.FromValue(values)); err != nil {
			return err
		}
		if err := h.Save(); err != nil {
			return err
		}
		saved()
	}
}

func (gomlx) load(dir string) ([]byte, error) {
	store := model.NewStore()
	h, err := checkpoint.Build(store).Dir(dir).Immediate().Done()
	if err != nil {
		return nil, err
	}
	if has, err := h.HasCheckpoints(); err != nil || !has {
		return nil, fmt.Errorf("no checkpoint (%v)", err)
	}
	return sum(store)
}
