package weights

import (
	"fmt"
	"strings"

	"convlab/cnnlib/weights/internal/match"
)

// Report says how a model's weights were found among the tensors of a file.
type Report struct {
	// How is in words: "by name", `by name after "module."`, "in the file's
	// order, …", "by kinds, shapes and the numbers in its names", or of ONNX
	// "operation by operation".
	How string
	// Left has the names of the tensors that are no weights of the model: what
	// an optimizer keeps, losses, averaged copies. Counts of batches
	// (num_batches_tracked) are not among them.
	Left []string
}

// String is one line; of names that begin alike it has one.
func (r Report) String() string {
	text := "weights matched " + r.How
	if len(r.Left) == 0 {
		return text
	}
	const most, alike = 6, 3
	count := make(map[string]int)
	for _, name := range r.Left {
		count[top(name)]++
	}
	var parts []string
	rest := 0
	for _, name := range r.Left {
		n := 1
		if first := top(name); count[first] >= alike {
			name, n = fmt.Sprintf("%s. (%d tensors)", match.Printable(first), count[first]), count[first]
			count[first] = -1
		} else if count[first] < 0 {
			continue
		} else {
			name = match.Printable(name)
		}
		if len(parts) == most {
			rest += n
			continue
		}
		parts = append(parts, name)
	}
	if rest > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", rest))
	}
	return text + "; left out: " + strings.Join(parts, ", ")
}

// top is a name up to its first dot.
func top(name string) string {
	first, _, _ := strings.Cut(name, ".")
	return first
}
