//go:build linux

package faults

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"convlab/cnnlib/train"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
)

type backend = compute.Backend

// A damaged file is one of a format that is read.
type damaged struct {
	name, reader string
	checked      bool // it has a checksum: a change of what is read is noticed
	file         string
	content      []byte
}

// damagedFiles puts a good file of each format into folders of its own.
func damagedFiles(t *testing.T) []damaged {
	t.Helper()
	var all []damaged
	put := func(name, kind, base string, checked bool, content []byte) {
		dir := filepath.Join(t.TempDir(), "in")
		if kind == "outcome" {
			dir = filepath.Join(dir, "base-unchanged", "seed-1")
		}
		file := filepath.Join(dir, base)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			t.Fatal(err)
		}
		all = append(all, damaged{name, kind, checked, file, content})
	}
	from := func(parts ...string) []byte {
		content, err := os.ReadFile(filepath.Join(append([]string{root()}, parts...)...))
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	put("checkpoint", "checkpoint", "epoch-000001-step-000002.ckpt", true, checkpoint(t))
	state := func(file ...string) []byte {
		return from(append([]string{"cnnlib", "weights", "testdata"}, file...)...)
	}
	put("safetensors", "weights", "a.safetensors", false, state("net.safetensors"))
	put("state dict of PyTorch (zip)", "weights", "a.pth", true, state("net.pth"))
	put("checkpoint of Lightning (zip)", "weights", "a.ckpt", true, state("cases", "lightning.ckpt"))
	put("state dict of PyTorch before 1.6", "weights", "a.pth", false, state("cases", "before16.pth"))
	put("ONNX", "onnx", "a.onnx", false, state("made", "branch_dense.onnx"))
	put("ONNX with numbers outside", "onnx", "default_export_external_data.onnx", false, state("made", "default_export_external_data.onnx"))
	beside := filepath.Join(filepath.Dir(all[len(all)-1].file), "default_export_external_data.onnx.data")
	if err := os.WriteFile(beside, state("made", "default_export_external_data.onnx.data"), 0o644); err != nil {
		t.Fatal(err)
	}
	put("numbers outside of an ONNX", "external", "default_export_external_data.onnx.data", false, state("made", "default_export_external_data.onnx.data"))
	network := filepath.Join(filepath.Dir(all[len(all)-1].file), "default_export_external_data.onnx")
	if err := os.WriteFile(network, state("made", "default_export_external_data.onnx"), 0o644); err != nil {
		t.Fatal(err)
	}
	put("StableHLO, before XLA", "program", "a.stablehlo", false, from("internal", "stablehlo", "testdata", "forms.mlir"))
	put("outcome of a trial", "outcome", "outcome.json", false, outcome(t))
	var pictures struct {
		Files map[string]struct{ File []byte }
	}
	if err := json.Unmarshal(from("augment", "testdata", "decode.json"), &pictures); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"jpeg 420", "jpeg progressive", "jpeg cmyk", "jpeg orientation xmp and exif", "png RGBA", "png P", "png profile iTXt compressed", "webp", "webp lossless",
		"webp alpha", "gif", "bmp RGB", "tiff tiff_lzw", "tiff tiff_adobe_deflate", "tiff planar RGB 14", "tiff big RGB 14", "tiff jpeg RGB 14"} {
		content := pictures.Files[name].File
		if len(content) == 0 {
			t.Fatalf("there is no picture %q", name)
		}
		put("picture: "+name, "picture", "a.picture", false, content)
	}
	return all
}

// checkpoint is that of an epoch of training.
func checkpoint(t *testing.T) []byte {
	t.Helper()
	m, err := small(labtest.Go(t))
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	dir := t.TempDir()
	if _, err := train.Fit(t.Context(), m, patterns(), train.Config{BatchSize: 8, Dir: dir}); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(dir, "epoch-000001-step-000002.ckpt"))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// outcome is the file of a finished trial.
func outcome(t *testing.T) []byte {
	t.Helper()
	text, err := json.Marshal(map[string]any{"Way": oneTrial.Way, "Name": oneTrial.Name, "Seed": 1, "Epochs": 2, "Images": 100, "Valid": 50, "Accuracy": 0.5, "Loss": 1.5, "TrainLoss": 1.25})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// damages are flips of a bit, all of them if that is not more than most, and
// cuts of the end.
func damages(size, most, mostCuts int) (flips, cuts []string) {
	rng := rand.New(rand.NewPCG(16, uint64(size)))
	some := func(n, most int, one func(i int) string) []string {
		var all []string
		if n <= most {
			for i := range n {
				all = append(all, one(i))
			}
			return all
		}
		for range most {
			all = append(all, one(rng.IntN(n)))
		}
		return all
	}
	return some(8*size, most, func(i int) string { return fmt.Sprintf("flip %d %d", i/8, i%8) }), some(size, mostCuts, func(i int) string { return fmt.Sprintf("cut %d", i) })
}

// TestBytes flips bits and cuts the end of a file of each format, and reads it
// as the commands do: it is refused in one line, or read.
func TestBytes(t *testing.T) {
	for _, d := range damagedFiles(t) {
		t.Run(strings.NewReplacer(" ", "-", ":", "").Replace(d.name), func(t *testing.T) {
			flips, cuts := damages(len(d.content), times(60, 60000), times(25, 20000))
			read(t, d, "a bit flipped", flips)
			read(t, d, "the end cut off", cuts)
		})
	}
}

// read asks a worker for each damage and counts what came out.
func read(t *testing.T, d damaged, how string, damages []string) {
	t.Helper()
	c := count(t, "Bytes", d.name, how)
	w := startWorker(t, d)
	defer func() { w.stop() }()
	good := w.ask("whole")
	if !strings.HasPrefix(good, "read ") {
		t.Fatalf("the good file: %s", good)
	}
	others, memory := 0, 0
	for _, damage := range damages {
		said := w.ask(damage)
		switch kind, text, _ := strings.Cut(said, " "); {
		case said == good:
			c.well()
		case kind == "read" && (d.checked || strings.HasPrefix(damage, "cut")):
			c.lost("%s, %s: it is read as something else", d.name, damage)
		case kind == "read":
			others++
			c.well()
		case kind == "refused" && !printable(text):
			c.lost("%s, %s: an error of several lines, or with codes for a terminal: %s", d.name, damage, text)
		case kind == "refused":
			c.refused()
		case kind == "hung":
			c.hung("%s, %s", d.name, damage)
			w = startWorker(t, d)
		default:
			c.panicked("%s, %s: %s", d.name, damage, said)
			if kind != "panic" {
				w.stop()
				w = startWorker(t, d)
			}
		}
	}
	fmt.Sscanf(w.ask("memory"), "memory %d", &memory)
	if others > 0 {
		c.note("%d changed what is read and were not noticed: the format has no checksum of it.", others)
	}
	c.note("At most %d MiB.", memory)
}

// printable tells whether an error, in quotes, is a line that any terminal
// shows as it is.
func printable(quoted string) bool {
	text, err := strconv.Unquote(quoted)
	return err == nil && text != "" && utf8.ValidString(text) && strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}

// TestBytesSealed changes what stands in a checkpoint and makes its checksum
// right again, as a file from anybody has it: training takes it up or says what
// is wrong.
func TestBytesSealed(t *testing.T) {
	d := damaged{name: "checkpoint", reader: "resumed", file: filepath.Join(t.TempDir(), "epoch-000001-step-000002.ckpt"), content: checkpoint(t)}
	content := d.content
	const magic = len("convlab checkpoint 1\n")
	size := int(binary.LittleEndian.Uint64(content[magic:]))
	header, values := content[magic+8:magic+8+size], content[magic+8+size:len(content)-32]
	flips, _ := damages(magic+8+size, times(60, 60000), 0)
	read(t, d, "a bit of the header flipped, the checksum right, training goes on", flips)

	// Every type that GoMLX has a name for, in every variable, with other
	// shapes too.
	var parts struct{ Variables []map[string]any }
	if err := json.Unmarshal(header, &parts); err != nil {
		t.Fatal(err)
	}
	types := append(dtypes.DTypeStrings(), "", "float", "INVALID", "F32")
	types = append(slices.Compact(types), "Tuple")
	var whole map[string]any
	if err := json.Unmarshal(header, &whole); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var files []string
	change := func(key string, value any, i int) {
		old := parts.Variables[i][key]
		parts.Variables[i][key] = value
		whole["Variables"] = parts.Variables
		text, err := json.Marshal(whole)
		if err != nil {
			t.Fatal(err)
		}
		parts.Variables[i][key] = old
		for _, more := range []int{0, 1 << 16} { // a larger type finds enough bytes
			file := filepath.Join(dir, fmt.Sprint(len(files)))
			if err := os.WriteFile(file, sealed(text, append(slices.Clone(values), make([]byte, more)...)), 0o644); err != nil {
				t.Fatal(err)
			}
			files = append(files, "take "+file)
		}
	}
	for i := range parts.Variables {
		for _, name := range types {
			change("DType", name, i)
		}
		for _, dims := range [][]int{{}, nil, {1}, {0}, {-1}, {1 << 62, 4}, {3, 3, 3, 2}, slices.Repeat([]int{1}, 100)} {
			change("Dims", dims, i)
		}
		for _, path := range []string{"", "/", "//", "/net", "/net/0", "/net/0/weight/", "net/0/weight", "/a b/\x00", "/net/9/weight", "/adam/x", "/" + strings.Repeat("a/", 1000) + "b"} {
			change("Path", path, i)
		}
	}
	rng := rand.New(rand.NewPCG(1, 1))
	rng.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
	read(t, d, "another type, shape or name of a variable, the checksum right, training goes on", files[:min(len(files), times(150, len(files)))])
}
