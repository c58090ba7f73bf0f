package draw

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// The characters of the Chinese labels, cut out of Noto Sans SC by
// font/subset.py; font/OFL.txt is its licence.
//
//go:embed font/NotoSansSC-subset.ttf
var chinese []byte

// unit is the resolution at which glyphs are loaded: their outlines are in
// 1/unit of the text's size.
const unit = 1000

type fonts struct{ regular, bold, chinese *sfnt.Font }

var loadFonts = sync.OnceValues(func() (*fonts, error) {
	var f fonts
	for _, part := range []struct {
		into **sfnt.Font
		data []byte
	}{{&f.regular, goregular.TTF}, {&f.bold, gobold.TTF}, {&f.chinese, chinese}} {
		parsed, err := sfnt.Parse(part.data)
		if err != nil {
			return nil, fmt.Errorf("draw: embedded font: %w", err)
		}
		*part.into = parsed
	}
	return &f, nil
})

// glyph is one character's outline with its advance, in 1/unit of the size.
type glyph struct {
	segments []segment
	advance  float64
	known    bool // the font has the character
	latin    bool // of the Latin font: any page's sans-serif font will do
}

type segment struct {
	op     byte // M, L, Q or C, as in SVG paths
	points [3]point
	n      int
}

type glyphKey struct {
	r    rune
	bold bool
}

var glyphs sync.Map // glyphKey → glyph

func glyphOf(r rune, bold bool) glyph {
	key := glyphKey{r, bold}
	if g, ok := glyphs.Load(key); ok {
		return g.(glyph)
	}
	g := loadGlyph(r, bold)
	glyphs.Store(key, g)
	return g
}

func loadGlyph(r rune, bold bool) glyph {
	f, err := loadFonts()
	if err != nil {
		return glyph{advance: unit / 2}
	}
	latin := f.regular
	if bold {
		latin = f.bold
	}
	var buf sfnt.Buffer
	for _, face := range []*sfnt.Font{latin, f.chinese} {
		index, err := face.GlyphIndex(&buf, r)
		if err != nil || index == 0 {
			continue
		}
		ppem := fixed.I(unit)
		advance, err := face.GlyphAdvance(&buf, index, ppem, font.HintingNone)
		if err != nil {
			continue
		}
		outline, err := face.LoadGlyph(&buf, index, ppem, nil)
		if err != nil {
			continue
		}
		g := glyph{advance: float64(advance) / 64, known: true, latin: face == latin}
		for _, s := range outline {
			g.segments = append(g.segments, segmentOf(s))
		}
		return g
	}
	if unicode.Is(unicode.Han, r) || r > 0xff00 {
		return glyph{advance: unit}
	}
	return glyph{advance: unit / 2}
}

func segmentOf(s sfnt.Segment) segment {
	out := segment{op: "MLQC"[s.Op], n: []int{1, 1, 2, 3}[s.Op]}
	for i := range out.n {
		out.points[i] = point{float64(s.Args[i].X) / 64, float64(s.Args[i].Y) / 64}
	}
	return out
}

// Width is how wide s is at that size.
func Width(s string, size float64, bold bool) float64 {
	total := 0.0
	for _, r := range s {
		total += glyphOf(r, bold).advance
	}
	return total * size / unit
}

// Fit is s, cut with an ellipsis so that it is at most width wide.
func Fit(s string, size float64, bold bool, width float64) string {
	if Width(s, size, bold) <= width {
		return s
	}
	runes := []rune(s)
	for n := min(len(runes), 400) - 1; n > 0; n-- {
		if cut := strings.TrimRight(string(runes[:n]), " ") + "…"; Width(cut, size, bold) <= width {
			return cut
		}
	}
	return ""
}

// hasAll tells whether the embedded fonts have every character of s, and
// whether the Latin one alone has.
func hasAll(s string, bold bool) (known, latin bool) {
	known, latin = true, true
	for _, r := range s {
		g := glyphOf(r, bold)
		known = known && g.known
		latin = latin && g.latin
	}
	return known, latin
}
