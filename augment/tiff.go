package augment

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"maps"
	"math"
	"slices"

	"golang.org/x/image/tiff"
)

// tiffPage is a TIFF's first page: the tags that the decoder needs.
type tiffPage struct {
	raw    []byte
	fields map[uint16]tiffValue
}

// openTIFF reads the tags. What they hold is no longer than the file.
func openTIFF(raw []byte) (tiffPage, error) {
	p, size := tiffPage{raw, map[uint16]tiffValue{}}, 0
	needed := []uint16{tiffWidth, tiffHeight, tiffBits, tiffCompression, tiffPhotometric, 266, tiffStrips, tiffSamples, tiffStripRows, tiffStripBytes,
		tiffPlanar, 317, 320, tiffTileWidth, tiffTileHeight, tiffTiles, tiffTileBytes, tiffExtra, 339, tiffJPEGTables}
	for tag, v := range tiffFields(raw) {
		if v.cut && (tag == 0 || slices.Contains(needed, tag)) {
			return p, io.ErrUnexpectedEOF
		}
		if _, double := p.fields[tag]; double || !slices.Contains(needed, tag) {
			continue
		}
		p.fields[tag] = v
		if size += len(v.data); size > len(raw) {
			return p, errors.New("the directory is larger than the file")
		}
	}
	return p, nil
}

// number of a tag that has one, from 0 to 2³¹−1.
func (p tiffPage) number(tag uint16, otherwise int) int {
	v, ok := p.fields[tag]
	if !ok {
		return otherwise
	}
	if n := v.number(0); n >= 0 && n <= math.MaxInt32 {
		return int(n)
	}
	return otherwise
}

// with is p with whole numbers for some tags, without those that have none.
func (p tiffPage) with(changes map[uint16][]uint32) tiffPage {
	p.fields = maps.Clone(p.fields)
	for tag, numbers := range changes {
		v := tiffValue{binary.LittleEndian, 4, nil, false}
		for _, n := range numbers {
			v.data = binary.LittleEndian.AppendUint32(v.data, n)
		}
		p.fields[tag] = v
		if numbers == nil {
			delete(p.fields, tag)
		}
	}
	return p
}

// numbers of a tag, whole ones below 2³².
func (p tiffPage) numbers(tag uint16) ([]uint32, error) {
	v := p.fields[tag]
	if len(v.data) > 0 && tiffSizes[v.kind] == 1 {
		return nil, fmt.Errorf("tag %d has bytes, want whole numbers", tag)
	}
	out := make([]uint32, v.len())
	for i := range out {
		n := v.number(i)
		if !(n >= 0 && n <= math.MaxUint32) {
			return nil, fmt.Errorf("tag %d has %g, want a whole number below 2³²", tag, n)
		}
		out[i] = uint32(n)
	}
	return out, nil
}

// whole looks that the file has the bytes of all strips or tiles.
func (p tiffPage) whole() error {
	for at, size := range map[uint16]uint16{tiffStrips: tiffStripBytes, tiffTiles: tiffTileBytes} {
		starts, err := p.numbers(at)
		if err != nil {
			return err
		}
		sizes, err := p.numbers(size)
		if err != nil {
			return err
		}
		for i := range min(len(starts), len(sizes)) {
			if int64(starts[i])+int64(sizes[i]) > int64(len(p.raw)) {
				return io.ErrUnexpectedEOF
			}
		}
	}
	return nil
}

// classic is a TIFF with these tags, which refers to the pixels of the file.
// Its directory stands behind them.
func (p tiffPage) classic() ([]byte, error) {
	if err := p.whole(); err != nil {
		return nil, err
	}
	p = p.with(map[uint16][]uint32{tiffJPEGTables: nil})
	order := binary.ByteOrder(binary.LittleEndian)
	if p.raw[0] == 'M' {
		order = binary.BigEndian
	}
	out := bytes.Clone(p.raw)
	copy(out[2:], map[byte]string{'I': "*\x00", 'M': "\x00*"}[p.raw[0]])
	at := len(out)
	order.PutUint32(out[4:], uint32(at))
	out = append(out, make([]byte, 2+12*len(p.fields)+4)...)
	order.PutUint16(out[at:], uint16(len(p.fields)))
	at += 2
	for _, tag := range slices.Sorted(maps.Keys(p.fields)) {
		numbers, err := p.numbers(tag)
		if err != nil {
			return nil, err
		}
		short := uint16(3)
		for _, n := range numbers {
			if n > math.MaxUint16 {
				short = 4
			}
		}
		body := make([]byte, 4*len(numbers))
		for i, n := range numbers {
			if short == 3 {
				order.PutUint16(body[2*i:], uint16(n))
			} else {
				order.PutUint32(body[4*i:], n)
			}
		}
		body = body[:len(numbers)*int(tiffSizes[short])]
		order.PutUint16(out[at:], tag)
		order.PutUint16(out[at+2:], short)
		order.PutUint32(out[at+4:], uint32(len(numbers)))
		if len(body) > 4 {
			order.PutUint32(out[at+8:], uint32(len(out)))
			out = append(out, body...)
		} else {
			copy(out[at+8:at+12], body)
		}
		at += 12
	}
	return out, nil
}

func (p tiffPage) decode() (image.Image, error) {
	raw, err := p.classic()
	if err != nil {
		return nil, err
	}
	return tiff.Decode(bytes.NewReader(raw))
}

func tiffConfig(raw []byte) (image.Config, error) {
	p, err := openTIFF(raw)
	return image.Config{Width: p.number(tiffWidth, 0), Height: p.number(tiffHeight, 0)}, err
}

// tiffDecode is the decoder of golang.org/x/image with what it does not read
// brought into a form that it does: BigTIFF, planes of colours, CMYK, JPEG.
func tiffDecode(raw []byte) (image.Image, error) {
	p, err := openTIFF(raw)
	if err != nil {
		return nil, err
	}
	samples, ink := p.number(tiffSamples, 1), p.number(tiffPhotometric, 0) == 5
	switch {
	case p.number(tiffCompression, 1) == 7:
		return p.jpegs()
	case p.number(tiffPlanar, 1) == 2 && samples > 1:
		return p.planes(samples, ink)
	case ink && samples == 4 && p.number(tiffBits, 1) == 8: // as red, green, blue and alpha
		std, err := p.with(map[uint16][]uint32{tiffPhotometric: {2}, tiffExtra: {2}}).decode()
		if err != nil {
			return nil, err
		}
		if v, ok := std.(*image.NRGBA); ok {
			return &image.CMYK{Pix: v.Pix, Stride: v.Stride, Rect: v.Rect}, nil
		}
		return nil, errors.New("CMYK of other than 8 bits, which is not read: save it as PNG")
	case raw[2] == '+' || raw[3] == '+':
		return p.decode()
	}
	return tiff.Decode(bytes.NewReader(raw))
}

// planes decodes each colour as a grey picture.
func (p tiffPage) planes(samples int, ink bool) (image.Image, error) {
	if samples > 4 || ink && samples != 4 || !ink && (samples < 3 || p.number(tiffPhotometric, 0) != 2) {
		return nil, fmt.Errorf("planar with %d samples a pixel, of which only RGB, RGBA and CMYK are read: save it as PNG", samples)
	}
	out := image.NewNRGBA(image.Rect(0, 0, p.number(tiffWidth, 0), p.number(tiffHeight, 0)))
	for c := range samples {
		bits, err := p.numbers(tiffBits)
		if err != nil {
			return nil, err
		}
		if len(bits) != samples {
			return nil, fmt.Errorf("%d numbers of bits for %d samples a pixel", len(bits), samples)
		}
		changes := map[uint16][]uint32{tiffBits: bits[c : c+1], tiffPhotometric: {1}, tiffSamples: {1}, tiffPlanar: {1}, tiffExtra: nil}
		for _, tag := range []uint16{tiffStrips, tiffStripBytes, tiffTiles, tiffTileBytes} {
			all, err := p.numbers(tag)
			if err != nil {
				return nil, err
			}
			if n := len(all) / samples; n > 0 {
				changes[tag] = all[c*n : (c+1)*n]
			}
		}
		std, err := p.with(changes).decode()
		if err != nil {
			return nil, err
		}
		switch v := std.(type) {
		case *image.Gray:
			for i, n := range v.Pix {
				out.Pix[4*i+c] = n
			}
		case *image.Gray16:
			for i := 0; i < len(v.Pix); i += 2 {
				out.Pix[2*i+c] = v.Pix[i]
			}
		}
	}
	if ink {
		return &image.CMYK{Pix: out.Pix, Stride: out.Stride, Rect: out.Rect}, nil
	}
	return out, nil
}

// jpegs decodes a page whose strips or tiles are each a JPEG (TIFF Technical
// Note 2).
func (p tiffPage) jpegs() (image.Image, error) {
	photometric := p.number(tiffPhotometric, 0)
	if p.number(tiffPlanar, 1) == 2 && p.number(tiffSamples, 1) > 1 || photometric == 5 {
		return nil, errors.New("compressed as JPEG in CMYK or in planes, which is not read: save it as PNG")
	}
	w, h := p.number(tiffWidth, 0), p.number(tiffHeight, 0)
	bw, bh, at, sizes := w, min(h, max(1, p.number(tiffStripRows, h))), uint16(tiffStrips), uint16(tiffStripBytes)
	if _, ok := p.fields[tiffTileWidth]; ok {
		bw, bh, at, sizes = p.number(tiffTileWidth, 0), p.number(tiffTileHeight, 0), tiffTiles, tiffTileBytes
		if bw < 8 || bh < 8 || bw > max(w+16, 1024) || bh > max(h+16, 1024) {
			return nil, fmt.Errorf("tiles of %dx%d pixels in a picture of %dx%d", bw, bh, w, h)
		}
	}
	starts, err := p.numbers(at)
	if err != nil {
		return nil, err
	}
	lengths, err := p.numbers(sizes)
	if err != nil {
		return nil, err
	}
	across := (w + bw - 1) / bw
	n := across * ((h + bh - 1) / bh)
	if len(starts) < n || len(lengths) < n {
		return nil, fmt.Errorf("%d places and %d sizes for %d JPEGs", len(starts), len(lengths), n)
	}
	const longest = 1 << 12 // four times what all tables of a JPEG need; each strip has them
	if n := len(p.fields[tiffJPEGTables].data); n > longest {
		return nil, fmt.Errorf("JPEG tables of %d bytes, want %d at most", n, longest)
	}
	tables := bytes.TrimSuffix(p.fields[tiffJPEGTables].data, []byte("\xff\xd9"))
	if len(tables) < 2 {
		tables = []byte("\xff\xd8")
	}
	if photometric == 2 {
		tables = append([]byte(adobeSegment), tables[2:]...)
	}
	out, left := image.NewNRGBA(image.Rect(0, 0, w, h)), len(p.raw)
	for i, start := range starts[:n] {
		end := uint64(start) + uint64(lengths[i])
		left -= int(lengths[i])
		if lengths[i] < 2 || end > uint64(len(p.raw)) || left < 0 {
			return nil, fmt.Errorf("JPEG %d, of %d bytes at %d, is not in the file or shares bytes with others", i, lengths[i], start)
		}
		x, y := i%across*bw, i/across*bh
		block, err := strip(slices.Concat(tables, p.raw[start+2:end]), bw, bh, min(bw, w-x), min(bh, h-y))
		if err != nil {
			return nil, err
		}
		for row := range min(bh, h-y) {
			for col := range min(bw, w-x) {
				copy(out.Pix[out.PixOffset(x+col, y+row):][:3], block.Pix[(row*block.W+col)*3:])
			}
		}
	}
	return out, nil
}

// strip is a JPEG of at most maxW by maxH pixels, at least w by h.
func strip(raw []byte, maxW, maxH, w, h int) (Image, error) {
	c, err := jpeg.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return Image{}, err
	}
	if c.Width < w || c.Height < h || c.Width > maxW || c.Height > maxH {
		return Image{}, fmt.Errorf("a JPEG of %dx%d pixels, want %dx%d", c.Width, c.Height, w, h)
	}
	if err := refused(raw, "JPEG"); err != nil {
		return Image{}, err
	}
	std, err := jpeg.Decode(bytes.NewReader(raw))
	if err != nil {
		return Image{}, err
	}
	if four, ok := std.(*image.CMYK); ok { // RGB with alpha, which the decoder takes for inverted CMYK
		if !bytes.HasPrefix(raw, []byte(adobeSegment)) {
			return Image{}, errors.New("compressed as JPEG in four samples that are not RGB with alpha, which is not read: save it as PNG")
		}
		out := NewImage(c.Width, c.Height)
		for y := range c.Height {
			for x := range c.Width {
				for k := range 3 {
					out.Pix[(y*c.Width+x)*3+k] = 255 - four.Pix[four.PixOffset(x, y)+k]
				}
			}
		}
		return out, nil
	}
	return fromDecoder(std, "JPEG")
}
