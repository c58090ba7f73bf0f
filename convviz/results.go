package convviz

import (
	"fmt"
	"image"

	"convlab/convviz/draw"
)

// Confusion draws how often each class was taken for which (lesson 3.6):
// counts[true class][predicted class], as in a train.Result. The
// larger a cell's share of its row, the darker it is.
func Confusion(counts [][]int, names []string) (*Picture, error) {
	m, err := confusion(counts, names)
	if err != nil {
		return nil, err
	}
	return m.Draw()
}

const maxClasses = 200

func confusion(counts [][]int, names []string) (*draw.Matrix, error) {
	n := len(counts)
	if n == 0 || n > maxClasses || len(names) != n {
		return nil, fmt.Errorf("convviz: a confusion matrix of %d classes and %d names, from 1 to %d can be drawn", n, len(names), maxClasses)
	}
	labels, shares, texts := make([]string, n), make([][]float64, n), make([][]string, n)
	right, total, worstI, worstJ := 0, 0, 0, -1
	for i, row := range counts {
		if len(row) != n {
			return nil, fmt.Errorf("convviz: row %d of the confusion matrix has %d counts, should have %d", i, len(row), n)
		}
		labels[i], shares[i], texts[i] = say(names[i]), make([]float64, n), make([]string, n)
		sum := 0
		for j, k := range row {
			if k < 0 {
				return nil, fmt.Errorf("convviz: %d images of class %d were taken for %d", k, i, j)
			}
			sum += k
			if i != j && k > 0 && (worstJ < 0 || k > counts[worstI][worstJ]) {
				worstI, worstJ = i, j
			}
		}
		for j, k := range row {
			shares[i][j], texts[i][j] = float64(k)/float64(max(sum, 1)), draw.Number(float64(k), 0)
		}
		right += row[i]
		total += sum
	}
	if total == 0 {
		return nil, fmt.Errorf("convviz: the confusion matrix counts no images")
	}
	note := sayf("%s of %s right: %.2f %%", draw.Number(float64(right), 0), draw.Number(float64(total), 0), 100*float64(right)/float64(total))
	alt := sayf("Confusion matrix of %d classes. %s.", n, note)
	if worstJ >= 0 {
		alt += sayf(" Most often, %s is taken for %s: %d times.", labels[worstI], labels[worstJ], counts[worstI][worstJ])
	}
	return &draw.Matrix{Title: say("Confusion matrix"), XLabel: say("predicted"), YLabel: say("true class"), Rows: labels, Cols: labels,
		Values: shares, Texts: texts, Lo: 0, Hi: 1, Note: note, Alt: alt}, nil
}

// Mistake is an image that a model took for another class.
type Mistake struct {
	Image           image.Image
	True, Predicted string  // names of the classes
	Probability     float64 // of the predicted class, 0 to 1
}

// Mistakes draws images with their true class, what they were taken for and
// how sure the model was (lesson 3.6), in the order given.
func Mistakes(list []Mistake) (*Picture, error) {
	if len(list) == 0 {
		return nil, fmt.Errorf("convviz: no mistakes to draw")
	}
	const columns = 8
	g := draw.Gallery{Title: say("Mistakes"), Cell: 88}
	for i, m := range list {
		if !(m.Probability >= 0 && m.Probability <= 1) {
			return nil, fmt.Errorf("convviz: mistake %d has probability %g", i, m.Probability)
		}
		if i%columns == 0 {
			g.Images, g.Captions = append(g.Images, nil), append(g.Captions, nil)
		}
		row := len(g.Images) - 1
		g.Images[row] = append(g.Images[row], m.Image)
		g.Captions[row] = append(g.Captions[row], []string{say(m.True), "→ " + say(m.Predicted), fmt.Sprintf("%.1f %%", 100*m.Probability)})
	}
	g.Alt = sayf("%d mistakes. The first: %s taken for %s with %.1f %%.", len(list), say(list[0].True), say(list[0].Predicted), 100*list[0].Probability)
	return g.Draw()
}
