package draw

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"convlab/internal/atomicfile"
)

// Picture is one drawing in two formats, with the words that stand for it
// where it cannot be seen.
type Picture struct {
	SVG           string
	PNG           []byte
	Alt           string
	Width, Height int // of the SVG, in CSS pixels
}

// maxAlt bounds the characters of an alt text.
const maxAlt = 4000

// Picture gives what was drawn, or the first thing that could not be. A
// canvas with frames gives its last frame.
func (c *Canvas) Picture(alt string) (*Picture, error) {
	if c.err != nil {
		return nil, c.err
	}
	if runes := []rune(alt); len(runes) > maxAlt {
		alt = string(runes[:maxAlt]) + "…"
	}
	alt = punctuated(clean(alt))
	last := max(c.frames-1, 0)
	svg, err := c.svg(alt, last, nil)
	if err != nil {
		return nil, err
	}
	data, err := c.png(last)
	if err != nil {
		return nil, err
	}
	return &Picture{SVG: svg, PNG: data, Alt: alt, Width: int(c.width), Height: int(c.height)}, nil
}

// Write saves the picture: as SVG or PNG by the ending of file, as both with
// no ending. Folders are made.
func (p *Picture) Write(file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return fmt.Errorf("draw: %w", err)
	}
	save := func(name string, data []byte) error {
		if err := atomicfile.WriteFile(name, data); err != nil {
			return fmt.Errorf("draw: %w", err)
		}
		return nil
	}
	switch strings.ToLower(filepath.Ext(file)) {
	case ".svg":
		return save(file, []byte(p.SVG))
	case ".png":
		return save(file, p.PNG)
	case "":
		if err := save(file+".svg", []byte(p.SVG)); err != nil {
			return err
		}
		return save(file+".png", p.PNG)
	}
	return fmt.Errorf("draw: %s: pictures are written as .svg or .png", file)
}
