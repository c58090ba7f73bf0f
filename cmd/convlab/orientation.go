package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"image"
	"io"
)

// orientation reads which way up a camera held a JPEG, 1 to 8 as in EXIF;
// 1, as it is, where nothing says so.
func orientation(r io.Reader) int {
	in := bufio.NewReader(r)
	if start, err := in.Peek(2); err != nil || !bytes.Equal(start, []byte{0xFF, 0xD8}) {
		return 1
	}
	in.Discard(2)
	for {
		var head [4]byte // a marker and the length of its segment, which counts itself
		if _, err := io.ReadFull(in, head[:]); err != nil || head[0] != 0xFF || head[1] == 0xDA {
			return 1
		}
		segment := make([]byte, max(int(binary.BigEndian.Uint16(head[2:]))-2, 0)) // 64 KB at most
		if _, err := io.ReadFull(in, segment); err != nil {
			return 1
		}
		if tiff, is := bytes.CutPrefix(segment, []byte("Exif\x00\x00")); is && head[1] == 0xE1 {
			return tiffOrientation(tiff)
		}
	}
}

// tiffOrientation finds tag 0x0112 in the first directory.
func tiffOrientation(b []byte) int {
	var order binary.ByteOrder = binary.LittleEndian
	if bytes.HasPrefix(b, []byte("MM")) {
		order = binary.BigEndian
	}
	if len(b) < 8 {
		return 1
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 1
	}
	n := int64(order.Uint16(b[at:]))
	for i := range n {
		entry := at + 2 + 12*i
		if entry+12 > int64(len(b)) {
			return 1
		}
		if order.Uint16(b[entry:]) == 0x0112 {
			if v := int(order.Uint16(b[entry+8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
	}
	return 1
}

// upright turns a square picture so that an orientation becomes 1.
func upright(img *image.NRGBA, orientation int) *image.NRGBA {
	out := image.NewNRGBA(img.Rect)
	last := img.Rect.Dx() - 1
	for y := 0; y <= last; y++ {
		for x := 0; x <= last; x++ {
			sx, sy := x, y
			if orientation >= 5 { // rows and columns swapped
				sx, sy = y, x
			}
			switch orientation {
			case 2, 7, 3, 8:
				sx = last - sx
			}
			switch orientation {
			case 3, 4, 6, 7:
				sy = last - sy
			}
			out.SetNRGBA(x, y, img.NRGBAAt(sx, sy))
		}
	}
	return out
}
