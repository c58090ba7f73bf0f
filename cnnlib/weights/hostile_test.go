package weights

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

type file struct{ name, content string }

func zipped(method uint16, files ...file) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, _ := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: method})
		w.Write([]byte(f.content))
	}
	z.Close()
	return b.Bytes()
}

func pth(pickle string, storages ...file) []byte {
	return zipped(zip.Store, append([]file{{"a/data.pkl", pickle}}, storages...)...)
}

// tensorPickle describes {"w": tensor} of storage 0.
func tensorPickle(numbers, offset int, shape, strides []int) string {
	p := &pickler{}
	p.ops(0x80, 2, '}')
	p.text("w")
	p.global(rebuildTensor)
	p.ops('(', '(')
	p.text("storage")
	p.global("torch.FloatStorage")
	p.text("0")
	p.text("cpu")
	p.integer(numbers)
	p.ops('t', 'Q')
	p.integer(offset)
	p.integers(shape)
	p.integers(strides)
	p.ops(0x89)
	p.global(orderedDict)
	p.ops(')', 'R', 't', 'R', 's', '.')
	return string(p.out)
}

// old is a file of PyTorch before 1.6, up to its storages.
func old(object, keys string) []byte {
	return []byte(oldMagic + "\x80\x02M\xe9\x03." + "\x80\x02}X\x0d\x00\x00\x00little_endian\x88s." + object + keys)
}

// longNames has many tensors in a dict with a long name.
func longNames() string {
	p := &pickler{}
	p.ops(0x80, 2, '}')
	p.text(strings.Repeat("k", 1<<18))
	p.ops('}', '(')
	one := tensorPickle(8, 0, []int{1}, []int{1})
	one = one[strings.Index(one, "c"):strings.LastIndex(one, "s.")] // of its dict the value
	for i := range 100 {
		p.text(strings.Repeat("n", i+1))
		p.out = append(p.out, one...)
	}
	p.ops('u', 's', '.')
	return string(p.out)
}

// lying has an entry whose header claims size bytes.
func lying(size uint64) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.CreateRaw(&zip.FileHeader{Name: "a/data.pkl", CompressedSize64: size, UncompressedSize64: size})
	w.Write([]byte("}."))
	z.Close()
	return b.Bytes()
}

func safetensors(length uint64, header, data string) []byte {
	return append(binary.LittleEndian.AppendUint64(nil, length), header+data...)
}

func st(header, data string) []byte { return safetensors(uint64(len(header)), header, data) }

var eight = file{"a/data/0", strings.Repeat("\x00", 32)}

// hostile are files that must be refused, each with a word of the reason.
func hostile() map[string][]byte {
	deep := "\x80\x02}" + strings.Repeat("X\x01\x00\x00\x00a}", 1000) + strings.Repeat("s", 1000) + "."
	many := "\x80\x02}(X\x01\x00\x00\x00a}q\x00" // each of these dicts holds the one before 200 times
	for level := range byte(5) {
		many += "X\x01\x00\x00\x00a}q" + string([]byte{level + 1}) + "(" + strings.Repeat("X\x01\x00\x00\x00ah"+string([]byte{level}), 200) + "u"
	}
	many += "u."
	return map[string][]byte{
		"asks for \"os.system\"":       pth("\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R."),
		"asks for \"builtins.eval\"":   pth("\x80\x04\x8c\x08builtins\x8c\x04eval\x93."),
		"opcode 0x69":                  pth("\x80\x02(ios\nsystem\n."), // INST
		"opcode 0x81":                  pth("\x80\x02}}\x81."),         // NEWOBJ
		"pickle protocol 9":            pth("\x80\x09."),
		"the pickle ends":              pth("\x80\x02X\x01"),
		"a text of 4294967295":         pth("\x80\x02X\xff\xff\xff\xffa"),
		"no mark":                      pth("\x80\x02u."),
		"nothing was remembered":       pth("\x80\x02h\x05."),
		"ends with 2 values":           pth("\x80\x02}}."),
		"that is no storage":           pth("\x80\x02K\x01Q."),
		"dicts more than":              pth(deep),
		"dicts more than 8":            pth("\x80\x02}q\x00X\x01\x00\x00\x00ah\x00s."), // it holds itself
		"no tensor in it":              pth("\x80\x02}."),
		"the file has 8":               pth(tensorPickle(9, 0, []int{9}, []int{1}), eight),
		"than the 8 numbers":           pth(tensorPickle(8, 0, []int{1 << 30}, []int{0}), eight),
		"shape [9 1 1]":                pth(tensorPickle(8, 0, []int{9, 1, 1}, []int{0, 0, 0}), eight),
		"negative size":                pth(tensorPickle(8, 0, []int{-1, -1}, []int{1, 1}), eight),
		"an axis of":                   pth(tensorPickle(8, 0, []int{1 << 62, 4}, []int{1, 1}), eight),
		"it begins at number -1":       pth(tensorPickle(8, -1, []int{2}, []int{1}), eight),
		"numbers 4 to 11":              pth(tensorPickle(8, 4, []int{8}, []int{1}), eight),
		"strides [-1]":                 pth(tensorPickle(8, 0, []int{2}, []int{-1}), eight),
		"strides [4611686018427387904": pth(tensorPickle(8, 0, []int{3}, []int{1 << 62}), eight),
		"\"data/0\" is missing":        pth(tensorPickle(8, 0, []int{8}, []int{1})),
		"two pickles":                  zipped(zip.Store, file{"a/data.pkl", "}."}, file{"b/data.pkl", "}."}),
		"no data.pkl":                  zipped(zip.Store, file{"a/code.py", "}."}),
		"lies elsewhere":               pth("\x80\x02}.", file{"../../etc/passwd", "x"}),
		"is there twice":               pth("\x80\x02}.", eight, eight),
		"compressed":                   zipped(zip.Deflate, file{"a/data.pkl", "}."}, file{"a/data/0", strings.Repeat("\x00", 1<<20)}),
		"more than the file":           lying(1 << 40),
		"only little":                  pth("\x80\x02}.", file{"a/byteorder", "big"}),
		"at most 16":                   pth("\x80\x02}.", file{"a/byteorder", strings.Repeat("x", 17)}),
		"not a valid zip":              []byte("PK\x03\x04 and nothing more"),
		"too few":                      []byte("hi"),
		"bare pickle":                  []byte("\x80\x02}."),
		"a header of":                  safetensors(1<<62, "{}", ""),
		"header of 99 bytes":           safetensors(99, "{}", ""),
		"not a JSON object":            st("[]", ""),
		"header: EOF":                  st(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}`, "1234"),
		"after the object":             st(`{} x`, ""),
		"unknown type":                 st(`{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}`, "1234"),
		"it lies from 1 to 5":          st(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}`, "12345"),
		"it lies from 0 to 4 of 4":     st(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, "1234"),
		"it lies from 4 to 0":          st(`{"a":{"dtype":"F32","shape":[0],"data_offsets":[4,0]}}`, "1234"),
		"belong to no tensor":          st(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, "12345"),
		"\"a\" is there twice":         st(`{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}`, "1234"),
		"there is room for":            st(`{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}`, "1234"),
		"17 axes":                      st(`{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}`, "1234"),
		"more than 1048576 values":     pth(many),
		"names of more than":           pth(longNames(), eight),
		"a part of another one":        old("}(X\x01\x00\x00\x00w(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x01)tQu.", "]."),
		"pickle of the version":        []byte(oldMagic + "\x80\x02K\x01.}.}.]."),
		"only little endian":           []byte(oldMagic + "\x80\x02M\xe9\x03.}.}.]."),
		"pickle of the keys":           old("}.", "}."),
		"or no tensor is part of it":   old("}.", "]X\x01\x00\x00\x000a."),
		"a storage should begin":       old(tensorPickle(2, 0, []int{2}, []int{1}), "]X\x01\x00\x00\x000a."),
		"a storage of 1099511627776":   append(old(tensorPickle(2, 0, []int{2}, []int{1}), "]X\x01\x00\x00\x000a."), 0, 0, 0, 0, 0, 1, 0, 0),
		"has 1 bytes more":             append(old(tensorPickle(0, 0, []int{0}, []int{1}), "]X\x01\x00\x00\x000a."), 0, 0, 0, 0, 0, 0, 0, 0, 0),
		"\"0\" is missing":             old(tensorPickle(2, 0, []int{2}, []int{1}), "]."),
		"the file has 1":               append(old(tensorPickle(2, 0, []int{2}, []int{1}), "]X\x01\x00\x00\x000a."), 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
		"pickle of the object":         old("cos\nsystem\n.", "]."),
	}
}

func TestHostileFilesAreRefused(t *testing.T) {
	dir := t.TempDir()
	for want, content := range hostile() {
		path := filepath.Join(dir, "file.safetensors") // for what looks like nothing
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		state, err := ReadFile(path)
		var format *FormatError
		if !errors.As(err, &format) || !strings.Contains(err.Error(), want) || format.File != path {
			t.Errorf("%q: %d tensors, error %v", want, len(state), err)
		}
	}
	if _, err := ReadFile(dir); err == nil {
		t.Error("a folder is no file")
	}
}

// TestEveryDamage cuts the golden files after each byte and changes each byte:
// an error or other numbers, never a panic.
func TestEveryDamage(t *testing.T) {
	for _, name := range []string{"testdata/odd.pth", "testdata/convlab.safetensors", "testdata/cases/before16.pth"} {
		good, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range good {
			if _, err := parse(good[:i]); err == nil {
				t.Errorf("%s cut after %d of %d bytes is read", name, i, len(good))
			}
			bad := bytes.Clone(good)
			bad[i] ^= 0x11
			parse(bad)
		}
	}
}

func parse(data []byte) ([]Tensor, error) {
	return readFrom("data", bytes.NewReader(data), int64(len(data)))
}

func FuzzRead(f *testing.F) {
	for _, content := range hostile() {
		f.Add(content)
	}
	for _, name := range []string{"odd.pth", "net.pth", "convlab.pth", "net.safetensors", "cases/before16.pth", "cases/lightning.ckpt", "cases/sparse.pth"} {
		content, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		state, err := parse(data)
		if err != nil || check(state) != nil { // a pickle may name a tensor twice
			return
		}
		bytesRead := 0
		for _, tensor := range state {
			bytesRead += len(tensor.Data)
		}
		if bytesRead > maxShared*len(data) {
			t.Errorf("%d bytes of tensors from a file of %d", bytesRead, len(data))
		}
		for _, write := range []func(*bytes.Buffer) error{
			func(b *bytes.Buffer) error { return writePyTorch(b, state) },
			func(b *bytes.Buffer) error { return writeSafetensors(b, state) },
		} {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			again, err := parse(b.Bytes())
			if err != nil {
				t.Fatalf("written and not read: %v", err)
			}
			sameState(t, "written again", again, state)
		}
	})
}
