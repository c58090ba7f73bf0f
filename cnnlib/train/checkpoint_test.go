package train

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"convlab/internal/atomicfile"
	"convlab/internal/labtest"
)

func TestDamagedCheckpoint(t *testing.T) {
	dir, b := t.TempDir(), labtest.Go(t)
	if _, err := Fit(context.Background(), newModel(t, b), bars(32), Config{Epochs: 2, BatchSize: 16, Dir: dir}); err != nil {
		t.Fatal(err)
	}
	newestFile := nameOf(dir, 2, 2)
	good, err := os.ReadFile(newestFile)
	if err != nil {
		t.Fatal(err)
	}
	damage := func(content []byte) {
		t.Helper()
		if err := os.WriteFile(newestFile, content, 0o644); err != nil {
			t.Fatal(err)
		}
		var log strings.Builder
		h, err := Load(newModel(t, b), dir, &log)
		if err != nil || len(h) != 1 {
			t.Errorf("history of %d, error %v; want the checkpoint of epoch 1", len(h), err)
		}
		if !strings.Contains(log.String(), newestFile) {
			t.Errorf("the damaged file is not named: %q", log.String())
		}
	}
	for _, at := range []int{0, len(magic) + 3, len(good) / 2, len(good) - 1} {
		bad := slices.Clone(good)
		bad[at] ^= 4
		damage(bad)
	}
	damage(nil)
	damage(good[:len(good)/2])
	if _, err := Load(newModel(t, b), t.TempDir(), nil); err == nil {
		t.Error("an empty folder gave weights")
	}
	if err := os.WriteFile(nameOf(dir, 9, 1), good[1:], 0o644); err != nil { // damaged, and ahead of all
		t.Fatal(err)
	}
	if _, err := Fit(context.Background(), newModel(t, b), bars(32), Config{Epochs: 3, BatchSize: 16, Dir: dir}); err != nil {
		t.Fatal(err)
	}
	if found, _ := files(dir); !slices.Equal(found, []string{nameOf(dir, 3, 2), nameOf(dir, 2, 2)}) {
		t.Errorf("after going on: %v", found)
	}
}

// FuzzCheckpoint: whatever header and values stand in a checkpoint with the
// right checksum, training loads it or says what is wrong, and does not panic.
func FuzzCheckpoint(f *testing.F) {
	b := labtest.Go(f)
	m := newModel(f, b)
	good := header{BatchSize: 16, Images: 64, Now: progress{Done: 1, Metrics: []tally{{"top 1", []number{1, 2}}}}, History: History{{Epoch: 1, Steps: 4, Validated: true}}}
	tensors, err := good.list(m)
	if err != nil {
		f.Fatal(err)
	}
	var values bytes.Buffer
	for _, t := range tensors {
		if err := t.ConstBytes(func(data []byte) { values.Write(data) }); err != nil {
			f.Fatal(err)
		}
	}
	for _, change := range []func(*header){
		func(h *header) {}, func(h *header) { h.Now = progress{} }, func(h *header) { h.BatchSize = 0 }, func(h *header) { h.Now.Done = -1 },
		func(h *header) { h.Now.Metrics[0].Sums = nil }, func(h *header) { h.Variables = nil }, func(h *header) { h.History = make(History, 9) },
		func(h *header) { h.Variables[0].DType = "F8E4M3FN" }, func(h *header) { h.Variables[0].Path = "//" },
	} {
		var h header
		text, err := json.Marshal(good)
		if err == nil {
			err = json.Unmarshal(text, &h)
		}
		if err != nil {
			f.Fatal(err)
		}
		change(&h)
		if text, err = json.Marshal(h); err != nil {
			f.Fatal(err)
		}
		f.Add(text, values.Bytes())
	}
	f.Fuzz(func(t *testing.T, head, values []byte) {
		dir := t.TempDir()
		body := append([]byte(magic), binary.LittleEndian.AppendUint64(nil, uint64(len(head)))...)
		body = append(append(body, head...), values...)
		sum := sha256.Sum256(body)
		if err := atomicfile.Write(nameOf(dir, 2, 1), func(w io.Writer) error {
			_, err := w.Write(append(body, sum[:]...))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if h, err := Load(newModel(t, b), dir, nil); err == nil {
			h.Best()
			LoadBest(newModel(t, b), dir, nil)
		}
		Fit(context.Background(), newModel(t, b), images, Config{Epochs: 2, BatchSize: 16, Dir: dir, Metrics: []Metric{TopK{K: 1}}})
	})
}
