package convviz

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"slices"
	"strings"

	drawing "convlab/convviz/draw"
	"convlab/internal/notebook"
)

const (
	maxBehind   = 6  // images behind a cell
	maxExamples = 90 // in all: they must not take more than a cell's picture may
	pairsBeside = 6  // rows of examples in the static picture
	eachBeside  = 3  // images in a row: more would take more than 300 KB as PNG
	tile        = 32 // pixels of an example in the page
)

// pair is a cell of a confusion matrix with its images.
type pair struct {
	truth, said, count int
	images             []image.Image
}

// ConfusionExamples is Confusion with images behind the cells:
// examples[true class][predicted class]. The page shows them when a cell is
// pointed at or has the focus; the picture shows those of the most frequent
// mistakes beside the matrix. Up to 6 images a cell and 90 in all are kept,
// those of frequent mistakes first.
func ConfusionExamples(counts [][]int, names []string, examples [][][]image.Image) (*Page, error) {
	m, err := confusion(counts, names)
	if err != nil {
		return nil, err
	}
	pairs, err := pairsOf(counts, examples)
	if err != nil {
		return nil, err
	}
	static, err := beside(m, pairs, names)
	if err != nil {
		return nil, err
	}
	alone, err := m.Draw()
	if err != nil {
		return nil, err
	}
	left, top, w, h, err := m.Cells()
	if err != nil {
		return nil, err
	}
	n := len(counts)
	percent := func(v float64, of int) string { return fmt.Sprintf("%.3f%%", 100*v/float64(of)) }
	place := fmt.Sprintf("left:%s;top:%s;width:%s;height:%s", percent(left, alone.Width), percent(top, alone.Height),
		percent(w*float64(n), alone.Width), percent(h*float64(n), alone.Height))
	sheet, err := sheetOf(pairs)
	if err != nil {
		return nil, err
	}
	id := notebook.UniqueID()
	var b strings.Builder
	fmt.Fprintf(&b, pageHead, id, sheet)
	fmt.Fprintf(&b, `<div style="position:relative;width:%dpx;max-width:100%%">%s<div class="cells" style="%s;grid-template:repeat(%d,1fr)/repeat(%d,1fr)">`+"\n",
		alone.Width, alone.SVG, place, n, n)
	at := 0
	cells := make([]string, n*n)
	for _, p := range pairs {
		words := pairWords(p, names)
		var images strings.Builder
		for range p.images {
			fmt.Fprintf(&images, `<i style="background-position:-%dpx -%dpx"></i>`, 2*tile*(at%sheetColumns), 2*tile*(at/sheetColumns))
			at++
		}
		cells[p.truth*n+p.said] = fmt.Sprintf(`<button type="button" aria-label="%s"><span><b>%s</b><br>%s</span></button>`, html.EscapeString(words), html.EscapeString(words), images.String())
	}
	for _, cell := range cells {
		if cell == "" {
			cell = "<u></u>"
		}
		b.WriteString(cell + "\n")
	}
	fmt.Fprintf(&b, `<p>%s</p></div></div></div>`+"\n", html.EscapeString(say("Point at a cell, or reach it with the Tab key, to see its images.")))
	return &Page{Picture: static, HTML: b.String(), id: id}, nil
}

// The images are parts of one sheet, drawn at twice their size. The page's class
// is that of pictures, so that it follows a dark page as they do.
const (
	sheetColumns = 10
	pageHead     = `<style>
#%[1]s{padding-bottom:112px}
#%[1]s svg{max-width:100%%;height:auto}
#%[1]s .cells{position:absolute;display:grid}
#%[1]s button{padding:0;border:0;background:none;cursor:pointer}
#%[1]s button:hover,#%[1]s button:focus{outline:3px solid #d55e00}
#%[1]s span,#%[1]s p{position:absolute;left:0;top:calc(100%% + 44px);width:420px;max-width:100%%;min-height:96px;margin:0;padding:6px 8px;box-sizing:border-box;background:#fff;background:light-dark(#fff,#181818);color:#222;color:light-dark(#222,#e1e1e1);border:1px solid #d0d0d0;border-color:light-dark(#d0d0d0,#444);border-radius:6px;font:13px sans-serif;text-align:left}
#%[1]s span{display:none;z-index:1}
#%[1]s button:focus>span{display:block}
#%[1]s button:hover>span{display:block;z-index:2}
#%[1]s i{display:inline-block;width:64px;height:64px;margin:4px 2px 0 0;image-rendering:pixelated;background:url(data:image/jpeg;base64,%[2]s) 0 0/640px auto}
</style>
<div id="%[1]s" class="convlab-confusion convlab-picture">`
)

func pairWords(p pair, names []string) string {
	if p.truth == p.said {
		return sayf("%s, recognised: %s", say(names[p.truth]), drawing.Number(float64(p.count), 0))
	}
	return sayf("%s, taken for %s: %s", say(names[p.truth]), say(names[p.said]), drawing.Number(float64(p.count), 0))
}

// pairsOf gives the cells that count something, the most frequent mistakes
// first and what was right last, each with the images that are kept.
func pairsOf(counts [][]int, examples [][][]image.Image) ([]pair, error) {
	if len(examples) != len(counts) {
		return nil, fmt.Errorf("convviz: examples of %d classes for a confusion matrix of %d", len(examples), len(counts))
	}
	var pairs []pair
	for i, row := range counts {
		if len(examples[i]) != len(row) {
			return nil, fmt.Errorf("convviz: class %d has examples of %d predictions, the matrix has %d", i, len(examples[i]), len(row))
		}
		for j, count := range row {
			if len(examples[i][j]) > count {
				return nil, fmt.Errorf("convviz: %d examples of class %d taken for %d, which is counted %d times", len(examples[i][j]), i, j, count)
			}
			for _, img := range examples[i][j] {
				if img == nil || img.Bounds().Empty() || max(img.Bounds().Dx(), img.Bounds().Dy()) > 4096 {
					return nil, fmt.Errorf("convviz: an example of class %d taken for %d is no image of 1 to 4096 pixels a side", i, j)
				}
			}
			if count > 0 {
				pairs = append(pairs, pair{truth: i, said: j, count: count})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		if right := a.truth == a.said; right != (b.truth == b.said) {
			if right {
				return 1
			}
			return -1
		}
		return cmp.Compare(b.count, a.count)
	})
	kept := 0
	keep := func(k, most int) {
		all := examples[pairs[k].truth][pairs[k].said]
		for len(pairs[k].images) < min(most, len(all)) && kept < maxExamples {
			pairs[k].images = append(pairs[k].images, all[len(pairs[k].images)])
			kept++
		}
	}
	for k := range min(pairsBeside, len(pairs)) { // the picture shows these
		keep(k, maxBehind)
	}
	for round := range maxBehind { // the others get one each before any gets a second
		for k := range pairs {
			keep(k, round+1)
		}
	}
	return pairs, nil
}

// beside is the static picture.
func beside(m *drawing.Matrix, pairs []pair, names []string) (*Picture, error) {
	g := drawing.Gallery{Title: say("Most frequent mistakes"), Cell: 48}
	for _, p := range pairs {
		if p.truth == p.said || len(p.images) == 0 || len(g.Images) == pairsBeside {
			continue
		}
		g.Images = append(g.Images, p.images[:min(eachBeside, len(p.images))])
		g.Rows = append(g.Rows, fmt.Sprintf("%s → %s: %s", say(names[p.truth]), say(names[p.said]), drawing.Number(float64(p.count), 0)))
	}
	if len(g.Images) == 0 {
		return m.Draw()
	}
	g.Alt = sayf("Examples of the most frequent mistakes: %s.", strings.Join(g.Rows, "; "))
	return drawing.Beside(*m, g)
}

// sheetOf is all images as one JPEG in base64; tiles are whole blocks of it,
// so that none runs into its neighbour.
func sheetOf(pairs []pair) (string, error) {
	n := 0
	for _, p := range pairs {
		n += len(p.images)
	}
	sheet := image.NewRGBA(image.Rect(0, 0, tile*sheetColumns, tile*max(1, (n+sheetColumns-1)/sheetColumns)))
	draw.Draw(sheet, sheet.Rect, image.White, image.Point{}, draw.Src)
	at := 0
	for _, p := range pairs {
		for _, img := range p.images {
			x0, y0, box := tile*(at%sheetColumns), tile*(at/sheetColumns), img.Bounds()
			for y := range tile {
				for x := range tile {
					from := img.At(box.Min.X+x*box.Dx()/tile, box.Min.Y+y*box.Dy()/tile)
					draw.Draw(sheet, image.Rect(x0+x, y0+y, x0+x+1, y0+y+1), image.NewUniform(color.Color(from)), image.Point{}, draw.Over)
				}
			}
			at++
		}
	}
	var data bytes.Buffer
	if err := jpeg.Encode(&data, sheet, &jpeg.Options{Quality: 85}); err != nil {
		return "", fmt.Errorf("convviz: JPEG: %w", err)
	}
	return base64.StdEncoding.EncodeToString(data.Bytes()), nil
}
