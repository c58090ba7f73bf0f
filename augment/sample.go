package augment

// Sample is an image on its way through a pipeline: 8 bits a channel until
// ToTensor, floats after it. Give it an image with Set, run transforms on it,
// take the result with Image or Tensor. It keeps its buffers, so that one
// Sample used for many images allocates nothing after the first few; it is
// for one goroutine.
//
// Work is put off where that saves some: a crop only narrows what is seen of
// the source, a black frame is remembered as a colour and a size, flips wait
// until the pixels are written anyway, and a change of each byte (brightness,
// contrast) is kept as a table until somebody reads. The pixels are the same.
type Sample struct {
	w, h int // the picture, pixels

	src    []uint8 // where the content is: rows of stride pixels
	stride int
	ox, oy int // the first pixel of src that is seen, or of the turned picture
	buffer int // which of buffers src is; -1: the caller's image, never written

	cx, cy, cw, ch int // the content's place in the picture; around it is the frame
	frame          RGB // before table
	table          *[256]uint8
	flipX, flipY   bool // of the whole picture, last
	turn           turn // a rotation of src that nobody did yet

	stage stage
	norm  Normalize
	data  []float32 // H·W·3 once stage is inFloats

	buffers [2][]uint8
	floats  []float32  // where data is put if it fits
	same    [256]uint8 // the table of no change
	tables  [2][256]uint8
	unit    floatTable // of the last norm used
	mixed   floatTable
	spans   []span // of settle
	luma    lumas
	factor  float32    // of saturation
	steps   [512]int32 // factor times −255 to 255
	shift   uint8      // of hue
	taps    [2]taps    // of Resize
	noise   []float32  // of RandomErasing
}

type stage int

const (
	inBytes  stage = iota // an 8-bit image
	inTensor              // a tensor in name: the bytes wait to be scaled by norm
	inFloats              // a tensor in data
)

// Set makes m the image of s. The pixels of m are read, not written, as long
// as s is used.
func (s *Sample) Set(m Image) error {
	if err := m.check(); err != nil {
		return err
	}
	for i := range s.same {
		s.same[i] = uint8(i)
	}
	s.stage = inBytes
	s.see(m.Pix, m.W, m.H, -1)
	return nil
}

// see makes the picture all of a buffer of w by h pixels.
func (s *Sample) see(src []uint8, w, h, buffer int) {
	s.w, s.h, s.src, s.stride, s.buffer = w, h, src, w, buffer
	s.ox, s.oy, s.cx, s.cy, s.cw, s.ch = 0, 0, 0, 0, w, h
	s.frame, s.table, s.flipX, s.flipY, s.turn.on = RGB{}, nil, false, false, false
}

// Size is the picture's, in pixels.
func (s *Sample) Size() (w, h int) { return s.w, s.h }

// Image is the 8-bit image, in memory of its own. It is ErrTensor after
// ToTensor.
func (s *Sample) Image() (Image, error) {
	if s.stage != inBytes {
		return Image{}, ErrTensor
	}
	m := NewImage(s.w, s.h)
	s.settle()
	s.write(m.Pix)
	return m, nil
}

// Pixels is the 8-bit image for a transform that changes its bytes: they may
// be written and belong to s. To change the size, give another image to Set.
func (s *Sample) Pixels() (Image, error) {
	if s.stage != inBytes {
		return Image{}, ErrTensor
	}
	if s.buffer < 0 || !s.plain() {
		s.flatten()
	}
	return Image{s.w, s.h, s.src[:s.w*s.h*3]}, nil
}

// plain says that src is the picture, with nothing put off.
func (s *Sample) plain() bool {
	return !s.turn.on && s.table == nil && !s.flipX && !s.flipY && s.ox == 0 && s.oy == 0 &&
		s.cw == s.w && s.ch == s.h && s.stride == s.w
}

// flatten writes the picture into a buffer.
func (s *Sample) flatten() {
	s.settle()
	b, dst := s.other(s.w * s.h * 3)
	s.write(dst)
	s.see(dst, s.w, s.h, b)
}

// other is a buffer of n bytes that is not src.
func (s *Sample) other(n int) (which int, b []uint8) {
	if s.buffer == 0 {
		which = 1
	}
	if cap(s.buffers[which]) < n {
		s.buffers[which] = make([]uint8, n)
	}
	return which, s.buffers[which][:n]
}

// row is row y of the content.
func (s *Sample) row(y int) []uint8 {
	return s.src[((s.oy+y)*s.stride+s.ox)*3:][:s.cw*3]
}

// lut is the table that reading src goes through.
func (s *Sample) lut() *[256]uint8 {
	if s.table == nil {
		return &s.same
	}
	return s.table
}

// mapBytes changes every channel of every pixel by f.
func (s *Sample) mapBytes(f func(v uint8) uint8) {
	old := s.lut()
	next := &s.tables[0]
	if old == next {
		next = &s.tables[1]
	}
	for i := range next {
		next[i] = f(old[i])
	}
	s.table = next
}

// each changes every pixel by f, which reads rows of src through lut.
func (s *Sample) each(f func(s *Sample, dst, src []uint8, lut *[256]uint8)) {
	s.settle()
	lut := s.lut()
	f(s, s.frame[:], s.frame[:], lut)
	if s.buffer >= 0 {
		for y := range s.ch {
			f(s, s.row(y), s.row(y), lut)
		}
	} else {
		b, dst := s.other(s.cw * s.ch * 3)
		for y := range s.ch {
			f(s, dst[y*s.cw*3:][:s.cw*3], s.row(y), lut)
		}
		s.src, s.stride, s.ox, s.oy, s.buffer = dst, s.cw, 0, 0, b
	}
	s.table = nil
}

// write puts the picture into dst, H·W·3.
func (s *Sample) write(dst []uint8) {
	lut := s.lut()
	frame := RGB{lut[s.frame[0]], lut[s.frame[1]], lut[s.frame[2]]}
	for y := range s.h {
		out := dst[y*s.w*3:][:s.w*3]
		from := y - s.cy
		if s.flipY {
			from = s.h - 1 - y - s.cy
		}
		if from < 0 || from >= s.ch {
			fillRGB(out, frame)
			continue
		}
		left := s.cx
		if s.flipX {
			left = s.w - s.cx - s.cw
		}
		in, middle := s.row(from), out[left*3:][:s.cw*3]
		switch {
		case s.flipX:
			for i, o := 0, len(middle)-3; o >= 0; i, o = i+3, o-3 {
				middle[o], middle[o+1], middle[o+2] = lut[in[i]], lut[in[i+1]], lut[in[i+2]]
			}
		case s.table == nil:
			copy(middle, in)
		default:
			for i, v := range in {
				middle[i] = lut[v]
			}
		}
		fillRGB(out[:left*3], frame)
		fillRGB(out[(left+s.cw)*3:], frame)
	}
}

// fillRGB writes c over and over.
func fillRGB(dst []uint8, c RGB) {
	if c == (RGB{}) {
		clear(dst)
		return
	}
	for n := copy(dst, c[:]); n < len(dst); n *= 2 {
		copy(dst[n:], dst[:n])
	}
}

// pad puts a frame of the colour c around the picture.
func (s *Sample) pad(left, top, right, bottom int, c RGB) {
	if left == 0 && top == 0 && right == 0 && bottom == 0 {
		return
	}
	framed := s.cw < s.w || s.ch < s.h
	if s.table != nil || framed && s.frame != c {
		s.flatten()
	}
	if s.flipX {
		left, right = right, left
	}
	if s.flipY {
		top, bottom = bottom, top
	}
	s.frame = c
	s.w, s.h, s.cx, s.cy = s.w+left+right, s.h+top+bottom, s.cx+left, s.cy+top
}

// crop leaves w by h pixels from (left, top) on, all inside the picture.
func (s *Sample) crop(left, top, w, h int) {
	if s.flipX {
		left = s.w - left - w
	}
	if s.flipY {
		top = s.h - top - h
	}
	s.w, s.h = w, h
	s.ox, s.cx, s.cw = cut(s.ox, s.cx, s.cw, left, w)
	s.oy, s.cy, s.ch = cut(s.oy, s.cy, s.ch, top, h)
	if s.cw == 0 || s.ch == 0 {
		s.cx, s.cy, s.cw, s.ch = 0, 0, 0, 0
	}
}

// cut narrows content of n pixels, which starts at pixel o of the source and
// at c of the picture, to a window of the picture, along one axis.
func cut(o, c, n, start, size int) (int, int, int) {
	c -= start
	if c < 0 {
		o, n, c = o-c, n+c, 0
	}
	return o, c, max(0, min(n, size-c))
}
