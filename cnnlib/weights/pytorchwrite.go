package weights

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
)

const alignment = 64 // of a storage in the file, so that PyTorch can map it

// counter notes how far a file has been written.
type counter struct {
	w  io.Writer
	at int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.at += int64(n)
	return n, err
}

func writePyTorch(w io.Writer, tensors []Tensor) error {
	count := &counter{w: w}
	z := zip.NewWriter(count)
	add := func(name string, data []byte) error {
		if err := z.Flush(); err != nil {
			return err
		}
		h := &zip.FileHeader{Name: "archive/" + name, Method: zip.Store, CRC32: crc32.ChecksumIEEE(data),
			CompressedSize64: uint64(len(data)), UncompressedSize64: uint64(len(data))}
		start := count.at + 30 + int64(len(h.Name)) + 4 // of the data: after the local header and the extra field's own
		fill := (alignment - start%alignment) % alignment
		h.Extra = append([]byte{'F', 'B', byte(fill), 0}, make([]byte, fill)...)
		part, err := z.CreateRaw(h)
		if err == nil {
			_, err = part.Write(data)
		}
		return err
	}
	pickle := stateDict(tensors)
	if len(pickle) > maxPickle || len(tensors) > maxTensors {
		return fmt.Errorf("%d tensors, described in %d bytes, are more than a state dict may have here", len(tensors), len(pickle))
	}
	if err := add("data.pkl", pickle); err != nil {
		return err
	}
	if err := add("byteorder", []byte("little")); err != nil {
		return err
	}
	for i, t := range tensors {
		if err := add(fmt.Sprintf("data/%d", i), t.Data); err != nil {
			return err
		}
	}
	if err := add("version", []byte("3\n")); err != nil {
		return err
	}
	return z.Close()
}

// pickler writes the few opcodes of a state dict.
type pickler struct{ out []byte }

func (p *pickler) ops(ops ...byte) { p.out = append(p.out, ops...) }

func (p *pickler) global(name pickleGlobal) {
	dot := strings.LastIndexByte(string(name), '.')
	p.out = fmt.Appendf(p.out, "c%s\n%s\n", name[:dot], name[dot+1:])
}

func (p *pickler) text(s string) {
	p.ops('X')
	p.out = append(binary.LittleEndian.AppendUint32(p.out, uint32(len(s))), s...)
}

// integer writes LONG1 of 8 bytes, which holds any size.
func (p *pickler) integer(n int) {
	p.ops(0x8a, 8)
	p.out = binary.LittleEndian.AppendUint64(p.out, uint64(n))
}

func (p *pickler) integers(all []int) {
	p.ops('(')
	for _, n := range all {
		p.integer(n)
	}
	p.ops('t')
}

// stateDict is the pickle of an ordered dict of tensors, tensor i being the
// whole of storage i.
func stateDict(tensors []Tensor) []byte {
	kind := make(map[DType]pickleGlobal)
	for name, dtype := range storages {
		kind[dtype] = name
	}
	p := &pickler{}
	p.ops(0x80, 2)
	p.global(orderedDict)
	p.ops(')', 'R', '(')
	for i, t := range tensors {
		strides, n := make([]int, len(t.Shape)), 1
		for axis, d := range slices.Backward(t.Shape) {
			strides[axis] = n
			n *= max(d, 1)
		}
		p.text(t.Name)
		p.global(rebuildTensor)
		p.ops('(', '(')
		p.text("storage")
		p.global(kind[t.DType])
		p.text(fmt.Sprint(i))
		p.text("cpu")
		p.integer(len(t.Data) / t.DType.Size())
		p.ops('t', 'Q')
		p.integer(0)
		p.integers(t.Shape)
		p.integers(strides)
		p.ops(0x89) // requires no gradient
		p.global(orderedDict)
		p.ops(')', 'R', 't', 'R')
	}
	p.ops('u', '.')
	return p.out
}
