package weights

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"convlab/cnnlib"
	"convlab/internal/atomicfile"
	"convlab/internal/filekind"
)

// format is a kind of file. A nil function is something that it cannot do.
type format struct {
	name       string
	extensions []string // of files that are written
	ordered    bool     // tensors are in the order of PyTorch's modules

	detect  func(start []byte, r io.ReaderAt, size int64) bool
	tensors func(file string, r io.ReaderAt, size int64) ([]stored, error)
	write   func(w io.Writer, tensors []Tensor) error
	load    func(ctx context.Context, m *cnnlib.Model, file string) error // of a file that describes the network too
	export  func(ctx context.Context, m *cnnlib.Model, file string) error
	advice  string // for who wants tensors from it
}

// formats is every kind of file that is read or written, in the order in which
// they are detected.
var formats = []format{
	{name: "a safetensors file", extensions: []string{".safetensors"}, detect: isSafetensors, tensors: readSafetensors, write: writeSafetensors},
	{name: "a zip of PyTorch", extensions: []string{".pth", ".pt"}, ordered: true, detect: isZip, tensors: readPyTorch, write: writePyTorch},
	{name: "a file of PyTorch before 1.6", ordered: true, detect: isPickle, tensors: readOldPyTorch},
	{name: "an ONNX network", extensions: []string{".onnx"}, detect: isONNX, load: importONNX, export: exportONNX,
		advice: "ReadONNX reads its layers and weights, Import puts its weights into a model"},
	{name: "a StableHLO program", extensions: []string{".stablehlo"}, detect: isStableHLO, export: exportStableHLO,
		advice: "convserve runs it, and no weights are read from it"},
}

// stored is a tensor of a file. Its data is read when it is wanted.
type stored struct {
	Tensor
	read func() ([]byte, error)
}

// open opens a regular file and tells its size.
func open(file string) (*os.File, int64, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, 0, fmt.Errorf("weights: %w", err)
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		err = fmt.Errorf("weights: %w", err)
	case !info.Mode().IsRegular():
		err = fmt.Errorf("weights: %s is not a file", file)
	default:
		return f, info.Size(), nil
	}
	f.Close()
	return nil, 0, err
}

// recognise tells the format of a file by its content. What looks like none is
// taken for what its name says, whose reader can tell what is wrong.
func recognise(file string, r io.ReaderAt, size int64) (format, error) {
	start := make([]byte, min(size, 4096))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), start); err != nil {
		return format{}, fmt.Errorf("weights: %s: %w", file, err)
	}
	for _, f := range formats {
		if f.detect(start, r, size) {
			return f, nil
		}
	}
	if what := filekind.Of(start); what != "" {
		return format{}, &FormatError{file, "byte 0", fmt.Sprintf("this is %s; files of safetensors, PyTorch and ONNX are read", what)}
	}
	if f, ok := named(file); ok {
		return f, nil
	}
	return format{}, &FormatError{file, "byte 0", "this is none of the files that are read: safetensors, PyTorch and ONNX"}
}

// named is the format that the file's name asks for.
func named(file string) (format, bool) {
	i := slices.IndexFunc(formats, func(f format) bool { return slices.Contains(f.extensions, strings.ToLower(filepath.Ext(file))) })
	if i < 0 {
		return format{}, false
	}
	return formats[i], true
}

// endings lists the names of files that can be written.
func endings(which func(f format) bool) string {
	var all []string
	for _, f := range formats {
		if which(f) {
			all = append(all, f.extensions...)
		}
	}
	return strings.Join(all[:len(all)-1], ", ") + " or " + all[len(all)-1]
}

// readTensors lists the tensors of a file that has them by name.
func readTensors(f format, file string, r io.ReaderAt, size int64) ([]stored, error) {
	if f.tensors == nil {
		return nil, &FormatError{file, "byte 0", fmt.Sprintf("this is %s, not a list of tensors: %s", f.name, f.advice)}
	}
	return f.tensors(file, r, size)
}

// ReadFile reads all tensors of a safetensors file or of a file of PyTorch; the
// content decides which. The names of nested dicts and lists are joined by dots:
// "state_dict.0.weight", "optimizer_states.0.state.0.exp_avg".
func ReadFile(file string) ([]Tensor, error) {
	r, size, err := open(file)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return readFrom(file, r, size)
}

func readFrom(file string, r io.ReaderAt, size int64) ([]Tensor, error) {
	f, err := recognise(file, r, size)
	if err != nil {
		return nil, err
	}
	all, err := readTensors(f, file, r, size)
	if err != nil {
		return nil, err
	}
	tensors := make([]Tensor, len(all))
	for i, t := range all {
		tensors[i] = t.Tensor
		if tensors[i].Data, err = t.read(); err != nil {
			return nil, err
		}
	}
	return tensors, nil
}

// WriteFile writes tensors in the format that the file's name asks for:
// .safetensors, .pth or .pt. The file appears under its name when it is whole.
func WriteFile(file string, tensors []Tensor) error {
	f, _ := named(file)
	if f.write == nil {
		return fmt.Errorf("weights: %s: the name should end in %s, not %q", file, endings(func(f format) bool { return f.write != nil }), filepath.Ext(file))
	}
	if err := check(tensors); err != nil {
		return err
	}
	return writeFile(context.Background(), f, file, tensors)
}

// writeFile writes tensors, which are checked, in this format.
func writeFile(ctx context.Context, f format, file string, tensors []Tensor) error {
	return writeWhole(ctx, file, func(w io.Writer) error { return f.write(w, tensors) })
}

// Export writes m to a file whose ending says how: .safetensors, .pth or .pt
// hold the weights alone, .onnx the whole network, .stablehlo the whole
// network for one image at a time (ExportStableHLO offers more).
func Export(m *cnnlib.Model, file string) error {
	return ExportContext(context.Background(), m, file)
}

// ExportContext is Export that can be stopped, since the weights of a large
// network take seconds. When ctx ends, it returns an error that wraps
// ctx.Err(), and a file that was there before stays.
func ExportContext(ctx context.Context, m *cnnlib.Model, file string) error {
	f, ok := named(file)
	if !ok {
		return fmt.Errorf("weights: %s: the name should end in %s, not %q", file, endings(func(format) bool { return true }), filepath.Ext(file))
	}
	if f.export != nil {
		return f.export(ctx, m, file)
	}
	state, err := stateOf(ctx, m)
	if err != nil {
		return err
	}
	if err := check(state); err != nil {
		return err
	}
	return writeFile(ctx, f, file, state)
}

// Import puts the weights of a file into m. For a file of tensors the Report
// says how they were matched, in one of the ways that the package comment
// lists, and what was left out. A file that also describes the network (ONNX)
// has to describe that of m, apart from Dropout. After an error m is as it
// was.
func Import(m *cnnlib.Model, file string) (Report, error) {
	return ImportContext(context.Background(), m, file)
}

// ImportContext is Import that can be stopped: the weights of a large network
// take seconds. When ctx ends while the file is read, it gives an error that
// wraps ctx.Err(), and m is as it was.
func ImportContext(ctx context.Context, m *cnnlib.Model, file string) (Report, error) {
	report, err := importFrom(ctx, m, file)
	if err != nil && ctx.Err() != nil { // a reader may have taken it for a damaged file
		err = fmt.Errorf("weights: %s: %w", file, ctx.Err())
	}
	return report, err
}

func importFrom(ctx context.Context, m *cnnlib.Model, file string) (Report, error) {
	opened, size, err := open(file)
	if err != nil {
		return Report{}, err
	}
	defer opened.Close()
	r := stoppableReader{ctx, opened}
	f, err := recognise(file, r, size)
	if err != nil {
		return Report{}, err
	}
	if f.load != nil {
		if err := f.load(ctx, m, file); err != nil {
			return Report{}, err
		}
		return Report{How: "operation by operation"}, nil
	}
	all, err := readTensors(f, file, r, size)
	if err != nil {
		return Report{}, err
	}
	report, err := setState(ctx, m, all, f.ordered)
	if err != nil {
		return Report{}, fmt.Errorf("weights: %s: %w", file, err)
	}
	return report, nil
}

// writeWhole lets fill write a file that is there whole or not at all, also
// when ctx ends.
func writeWhole(ctx context.Context, file string, fill func(io.Writer) error) error {
	err := atomicfile.Write(file, func(w io.Writer) error { return fill(stoppableWriter{ctx, w}) })
	switch {
	case err != nil && ctx.Err() != nil:
		return fmt.Errorf("weights: %s: %w", file, ctx.Err())
	case err != nil:
		return fmt.Errorf("weights: %w", err)
	}
	return nil
}
