package lesson

import (
	"fmt"
	"image"
	"image/color"
	"strings"

	"convlab/cnnlib"
	"convlab/convviz"
	"convlab/convviz/draw"

	"github.com/gomlx/gomlx/core/tensors"
)

// Show puts a picture into the cell's output. It takes the results of the
// function that drew it: lesson.Show(convviz.Coverage(3, 1, 2, 3)).
func Show(p *convviz.Picture, err error) { OK(convviz.Show(p, err)) }

// Table is a Map with a title, to be shown with its numbers.
type Table struct {
	Title    string
	Map      Map
	Decimals int
	Range    float32 // numbers from −Range to Range go from blue over white to orange; 0: darker blue is more
}

// Tables shows maps side by side with their numbers.
func Tables(tables ...Table) {
	var panels []draw.Panel
	for _, t := range tables {
		m := draw.Matrix{Title: t.Title, Values: convviz.Numbers(t.Map), Decimals: t.Decimals, Alt: t.Title + say(": ", "：") + inWords(t.Map)}
		if t.Range > 0 {
			m.Lo, m.Hi, m.Signed = -float64(t.Range), float64(t.Range), true
		}
		panels = append(panels, m)
	}
	Show(draw.Beside(panels...))
}

// inWords writes a small map out for readers who do not see pictures.
func inWords(m Map) string {
	var lines []string
	for _, row := range m {
		words := make([]string, len(row))
		for i, v := range row {
			words[i] = figure(v)
		}
		lines = append(lines, strings.Join(words, " "))
	}
	return strings.Join(lines, "; ") + say(".", "。")
}

// Line is a line of a chart. X nil means 1, 2, 3, …
type Line struct {
	Name string
	X, Y []float64
	Dots bool // points without a line between them
}

// Lines shows a line chart with whole numbers on the horizontal axis.
func Lines(title, horizontal string, lines ...Line) { Show(lineChart(title, horizontal, false, lines)) }

// Shares is Lines of numbers from 0 to 1, written in percent.
func Shares(title, horizontal string, lines ...Line) { Show(lineChart(title, horizontal, true, lines)) }

func lineChart(title, horizontal string, percent bool, lines []Line) (*convviz.Picture, error) {
	c := draw.Lines{Title: title, XLabel: horizontal, WholeX: true, Zero: true, Percent: percent}
	c.Alt = fmt.Sprintf(say("Line chart: %s, over %s.", "折线图：%s，横轴为“%s”。"), title, horizontal)
	for i, l := range lines {
		c.Series = append(c.Series, draw.Series{Name: l.Name, X: l.X, Y: l.Y, Color: draw.Palette[i%len(draw.Palette)], Marker: true, NoLine: l.Dots})
		if len(l.Y) > 0 {
			c.Alt += fmt.Sprintf(say(" %s: %d points from %s to %s.", "%s：%d 个点，从 %s 到 %s。"), l.Name, len(l.Y), figure(float32(l.Y[0])), figure(float32(l.Y[len(l.Y)-1])))
		}
	}
	return c.Draw()
}

// Chart is a bar chart. Several are shown side by side.
type Chart struct {
	Title, Horizontal string
	Labels            []string
	Values            []float64
	Top               float64 // of the vertical axis; 0: the highest bar
}

// Bars shows bar charts side by side.
func Bars(charts ...Chart) {
	var panels []draw.Panel
	for i, c := range charts {
		alt := say("Bar chart: ", "柱状图：") + c.Title + say(".", "。")
		for j, v := range c.Values {
			if j < len(c.Labels) {
				alt += fmt.Sprintf(say(" %s %s.", "%s %s。"), c.Labels[j], draw.Number(v, 0))
			}
		}
		b := draw.Bars{Title: c.Title, XLabel: c.Horizontal, Labels: c.Labels, Values: c.Values, Top: c.Top, Color: draw.Palette[i%len(draw.Palette)], Alt: alt}
		if len(charts) > 1 {
			b.Width, b.Height = 320, 260
		}
		panels = append(panels, b)
	}
	Show(draw.Beside(panels...))
}

// Shot is an image with its caption.
type Shot struct {
	Caption string
	Image   image.Image
}

// Grey is a map as an image, lo black and hi white.
func (m Map) Grey(lo, hi float64) image.Image {
	return must(convviz.Gray(convviz.Numbers(m), lo, hi))
}

// Gallery shows images with their captions, this many in a row.
func Gallery(inRow int, shots ...Shot) { Show(gallery(inRow, shots)) }

func gallery(inRow int, shots []Shot) (*convviz.Picture, error) {
	if inRow < 1 || len(shots) == 0 {
		return nil, wrong("%d images, %d in a row", "%d 张图，每行 %d 张", len(shots), inRow)
	}
	g := draw.Gallery{Cell: min(144, 760/float64(min(inRow, len(shots))))}
	var names []string
	for i, s := range shots {
		if i%inRow == 0 {
			g.Images, g.Captions = append(g.Images, nil), append(g.Captions, nil)
		}
		row := len(g.Images) - 1
		g.Images[row] = append(g.Images[row], s.Image)
		g.Captions[row] = append(g.Captions[row], strings.Split(s.Caption, "\n"))
		name := strings.ReplaceAll(s.Caption, "\n", " ")
		if s.Image != nil {
			low, mean, high := brightness(s.Image)
			name = fmt.Sprintf(say("%s, brightness from %.0f to %.0f %%, mean %.0f %%", "%s，亮度 %.0f 至 %.0f %%，平均 %.0f %%"), name, low, high, mean)
		}
		names = append(names, name)
	}
	g.Alt = fmt.Sprintf(say("%d images: %s.", "%d 张图：%s。"), len(shots), strings.Join(names, say("; ", "；")))
	return g.Draw()
}

// brightness is the smallest, mean and largest brightness of an image, in
// percent.
func brightness(img image.Image) (low, mean, high float64) {
	b := img.Bounds()
	low = 100
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			v := float64(color.Gray16Model.Convert(img.At(x, y)).(color.Gray16).Y) / 655.35
			low, mean, high = min(low, v), mean+v, max(high, v)
		}
	}
	return low, mean / float64(b.Dx()*b.Dy()), high
}

// Kernel is filters as convviz.Kernels takes them: flat values and their shape
// [height, width, in, out].
func Kernel(filters ...Maps) (values []float32, shape []int) {
	var all [][][][]float32
	for _, f := range filters {
		all = append(all, wide(f))
	}
	t := must(cnnlib.KernelTensor(all...))
	return must(tensors.CopyFlatData[float32](t)), t.Shape().Dimensions
}

// Flat is the maps as convviz.FeatureMaps takes them: flat values with the
// channel last, and their sizes.
func (m Maps) Flat() (values []float32, height, width, channels int) {
	OK(checkMaps("image", "图像", m))
	t := must(cnnlib.ImageTensor(wide(m)...))
	return must(tensors.CopyFlatData[float32](t)), len(m[0]), len(m[0][0]), len(m)
}
