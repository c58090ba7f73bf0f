package weights

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"
)

// TestContextEnds: Export and Import end wherever their context does, with its
// error; the file and the model are as they were.
func TestContextEnds(t *testing.T) {
	layers := cnnlib.Sequential{cnnlib.Conv{Out: 2, Kernel: 3}, cnnlib.BatchNorm{}, cnnlib.Flatten{}, cnnlib.Dense{Out: 3}}
	model := func(seed uint64) *cnnlib.Model {
		m, err := cnnlib.New(labtest.Go(t), layers, []int{5, 5, 1}, cnnlib.Options{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { m.Close() })
		return m
	}
	from, to := model(1), model(2)
	before, err := StateDict(to)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"net.safetensors", "net.pth", "net.onnx"} {
		dir := t.TempDir()
		file := filepath.Join(dir, name)
		if err := Export(from, file); err != nil {
			t.Fatal(err)
		}
		good, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		unharmed := func() {
			t.Helper()
			if content, err := os.ReadFile(file); err != nil || !bytes.Equal(content, good) {
				t.Errorf("%s: the file is another one: %d bytes, %v", name, len(content), err)
			}
			if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
				t.Errorf("%s: in the folder are %v, %v", name, entries, err)
			}
			if after, err := StateDict(to); err != nil || !slices.EqualFunc(after, before, func(a, b Tensor) bool { return bytes.Equal(a.Data, b.Data) }) {
				t.Errorf("%s: the model is another one (%v)", name, err)
			}
		}
		for what, work := range map[string]func(ctx context.Context) error{
			"Export": func(ctx context.Context) error { return ExportContext(ctx, to, file) },
			"Import": func(ctx context.Context) error { _, err := ImportContext(ctx, to, file); return err },
		} {
			const most = 1000
			looks := 0
			for ; looks < most; looks++ {
				err := work(&labtest.Countdown{Context: t.Context(), Left: looks})
				if err == nil {
					break
				}
				if !errors.Is(err, context.Canceled) {
					t.Fatalf("%s of %s, ended after %d looks: error %v, want %v", what, name, looks, err, context.Canceled)
				}
				unharmed()
			}
			if looks < 5 || looks == most {
				t.Errorf("%s of %s looks %d times", what, name, looks)
			}
			// What went to the end has done its work: undo it.
			if _, err := SetStateDict(to, before); err != nil {
				t.Fatal(err)
			}
			if err := Export(from, file); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestLongWrites: a long piece is written in parts, and its end is told.
func TestLongWrites(t *testing.T) {
	var out bytes.Buffer
	piece := bytes.Repeat([]byte("convlab"), longestWrite/5)
	if n, err := (stoppableWriter{t.Context(), &out}).Write(piece); n != len(piece) || err != nil || !bytes.Equal(out.Bytes(), piece) {
		t.Errorf("%d of %d bytes were written, error %v", n, len(piece), err)
	}
	out.Reset()
	if n, err := (stoppableWriter{&labtest.Countdown{Context: t.Context(), Left: 1}, &out}).Write(piece); n != longestWrite || !errors.Is(err, context.Canceled) {
		t.Errorf("%d bytes were written before the end, error %v", n, err)
	}
	if n, err := (stoppableWriter{t.Context(), &out}).Write(nil); n != 0 || err != nil {
		t.Errorf("nothing: %d, %v", n, err)
	}
}
