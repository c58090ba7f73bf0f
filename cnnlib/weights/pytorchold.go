package weights

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// A file of PyTorch before 1.6, as many of torchvision's still are, is five
// pickles one after the other: a magic number, the version 1001, what kind of
// machine wrote it, the object, and the keys of the storages. Those follow in
// that order, each its number of numbers as 8 bytes and the numbers.

const oldMagic = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."

func readOldPyTorch(file string, r io.ReaderAt, size int64) ([]stored, error) {
	bad := func(at, format string, args ...any) ([]stored, error) {
		return nil, &FormatError{file, at, fmt.Sprintf(format, args...)}
	}
	head := make([]byte, min(size, 2*maxPickle))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), head); err != nil {
		return bad("byte 0", "%v", err)
	}
	if !bytes.HasPrefix(head, []byte(oldMagic)) {
		return bad("byte 0", "this is a bare pickle that torch.save did not write: read it in Python and save with torch.save(net.state_dict(), \"net.pth\")")
	}
	u := newUnpickler(head)
	u.at = len(oldMagic)
	var values [4]any
	for i, what := range []string{"version", "machine", "object", "keys of storages"} {
		var err error
		if values[i], err = u.value(); err != nil {
			return bad("pickle of the "+what, "%v", err)
		}
	}
	if values[0] != int64(1001) {
		return bad("pickle of the version", "%v, 1001 is read", values[0])
	}
	if machine, ok := values[1].(*pickleDict); !ok || machine.get("little_endian") != true {
		return bad("pickle of the machine", "only little endian numbers are read")
	}
	keys, ok := values[3].(*pickleList)
	if !ok || len(keys.items) > maxTensors {
		return bad("pickle of the keys of storages", "it is no list, or has more than %d keys", maxTensors)
	}
	type extent struct{ from, length int64 }
	extents := make(map[string]extent)
	at := int64(u.at)
	for _, item := range keys.items {
		key, _ := item.(string)
		s, known := u.storages[key]
		if _, twice := extents[key]; !known || twice {
			return bad("pickle of the keys of storages", "%.80q is there twice, or no tensor is part of it", fmt.Sprint(item))
		}
		var count [8]byte
		if _, err := r.ReadAt(count[:], at); err != nil {
			return bad(fmt.Sprintf("byte %d", at), "the file ends where a storage should begin")
		}
		at += int64(len(count))
		n, width := binary.LittleEndian.Uint64(count[:]), s.dtype.Size()
		if n > uint64((size-at)/int64(width)) {
			return bad(fmt.Sprintf("byte %d", at), "a storage of %d numbers of %d bytes in a file of %d", n, width, size)
		}
		extents[key] = extent{at, int64(n) * int64(width)}
		at += extents[key].length
	}
	if at != size {
		return bad(fmt.Sprintf("byte %d", at), "the storages end here, the file has %d bytes more", size-at)
	}
	find := func(key string) (extent, error) {
		e, ok := extents[key]
		if !ok {
			return e, &FormatError{file, "pickle of the keys of storages", fmt.Sprintf("%.80q is missing", key)}
		}
		return e, nil
	}
	t := &torchFile{file: file, size: size, at: "pickle of the object",
		length: func(key string) (int64, error) {
			e, err := find(key)
			return e.length, err
		},
		read: func(key string) ([]byte, error) {
			e, err := find(key)
			if err != nil {
				return nil, err
			}
			data := make([]byte, e.length)
			if _, err := io.ReadFull(io.NewSectionReader(r, e.from, e.length), data); err != nil {
				_, err = bad(fmt.Sprintf("byte %d", e.from), "%v", err)
				return nil, err
			}
			return data, nil
		}}
	return t.tensors(values[2])
}
