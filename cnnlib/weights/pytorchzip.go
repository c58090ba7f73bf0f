package weights

import (
	"archive/zip"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A file of PyTorch since 1.6 is a zip archive without compression:
// NAME/data.pkl, the pickle, and a file NAME/data/KEY for each storage.

// archive is the opened zip, with what is needed to say where it is wrong.
type archive struct {
	file    string
	size    int64
	entries map[string]*zip.File // by name below the common folder
}

func (a *archive) bad(at, format string, args ...any) error {
	return &FormatError{a.file, at, fmt.Sprintf(format, args...)}
}

func readPyTorch(file string, r io.ReaderAt, size int64) ([]stored, error) {
	a := &archive{file: file, size: size, entries: make(map[string]*zip.File)}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, a.bad("zip", "%v", err)
	}
	if err := a.list(z); err != nil {
		return nil, err
	}
	if _, ok := a.entries["byteorder"]; ok {
		order, err := a.read("byteorder", 16)
		if err != nil {
			return nil, err
		}
		if string(order) != "little" {
			return nil, a.bad("byteorder", "%q, only little is read", order)
		}
	}
	pickle, err := a.read("data.pkl", maxPickle)
	if err != nil {
		return nil, err
	}
	top, err := newUnpickler(pickle).value()
	if err != nil {
		return nil, a.bad("data.pkl", "%v", err)
	}
	t := &torchFile{file: file, size: size, at: "data.pkl",
		length: func(key string) (int64, error) {
			f, err := a.entry("data/" + key)
			if err != nil {
				return 0, err
			}
			return int64(f.UncompressedSize64), nil
		},
		read: func(key string) ([]byte, error) { return a.read("data/"+key, size) }}
	return t.tensors(top)
}

// list notes the entries. Their sizes are checked before any is read: stored
// as they are, and together no larger than the file.
func (a *archive) list(z *zip.Reader) error {
	var folder string
	for _, f := range z.File {
		if name, ok := strings.CutSuffix(f.Name, "/data.pkl"); ok {
			if folder != "" {
				return a.bad("zip", "two pickles, %q and %q", folder+"/data.pkl", f.Name)
			}
			folder = name
		}
	}
	if folder == "" {
		return a.bad("zip", "no data.pkl in it: this is %s", zipOf(z))
	}
	if slices.ContainsFunc(z.File, func(f *zip.File) bool { return f.Name == folder+"/constants.pkl" }) {
		return a.bad("zip", "this is a TorchScript archive: torch.save(torch.jit.load(file).state_dict(), \"net.pth\") in Python takes the weights out")
	}
	sum := uint64(0)
	for _, f := range z.File {
		name, ok := strings.CutPrefix(f.Name, folder+"/")
		if !ok || a.entries[name] != nil {
			return a.bad("zip", "the entry %.80q lies elsewhere or is there twice", f.Name)
		}
		if f.Method != zip.Store || f.CompressedSize64 != f.UncompressedSize64 {
			return a.bad(name, "it is compressed, which torch.save never does")
		}
		if f.UncompressedSize64 > uint64(a.size) || sum+f.UncompressedSize64 > uint64(a.size) {
			return a.bad(name, "%d bytes, with those before more than the file has", f.UncompressedSize64)
		}
		sum += f.UncompressedSize64
		a.entries[name] = f
	}
	return nil
}

// zipOf names a zip that torch.save did not write.
func zipOf(z *zip.Reader) string {
	for _, f := range z.File {
		switch {
		case strings.HasSuffix(f.Name, ".npy"):
			return "an archive of NumPy arrays"
		case strings.HasSuffix(f.Name, ".weights.h5"):
			return "a Keras model"
		case strings.HasSuffix(f.Name, "/models/model.json") || strings.HasSuffix(f.Name, "archive_format"):
			return "a program of torch.export: torch.save(torch.export.load(file).state_dict, \"net.pth\") in Python takes the weights out"
		case f.Name == "[Content_Types].xml":
			return "an office document"
		case strings.HasSuffix(f.Name, ".pth") || strings.HasSuffix(f.Name, ".pt") || strings.HasSuffix(f.Name, ".safetensors") || strings.HasSuffix(f.Name, ".onnx"):
			return fmt.Sprintf("a zip with %.80q in it: unpack it first", f.Name)
		}
	}
	return "a zip, but no file of torch.save"
}

func (a *archive) entry(name string) (*zip.File, error) {
	f := a.entries[name]
	if f == nil {
		return nil, a.bad("zip", "the entry %.80q is missing", name)
	}
	return f, nil
}

// read gives the content of an entry, its CRC checked.
func (a *archive) read(name string, most int64) ([]byte, error) {
	f, err := a.entry(name)
	if err != nil {
		return nil, err
	}
	if f.UncompressedSize64 > uint64(most) {
		return nil, a.bad(name, "%d bytes, at most %d are read", f.UncompressedSize64, most)
	}
	r, err := f.Open()
	if err != nil {
		return nil, a.bad(name, "%v", err)
	}
	defer r.Close()
	data := make([]byte, f.UncompressedSize64)
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, a.bad(name, "%v", err)
	}
	if _, err := r.Read(make([]byte, 1)); err != io.EOF { // the CRC is compared at the end
		return nil, a.bad(name, "%v", err)
	}
	return data, nil
}
