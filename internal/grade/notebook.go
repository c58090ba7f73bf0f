package grade

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// largest is how many bytes a notebook may have. With all its pictures the
// largest of the course has 4 MB.
const largest = 64 << 20

// notebook is what grading needs of an .ipynb file: its cells without outputs.
type notebook struct {
	cells []cell
}

// cell is a cell of a notebook.
type cell struct {
	id     string // "": the notebook has none
	code   bool
	source string
	// points is what nbgrader's metadata says the cell is worth; nil: nothing.
	points *float64
}

// errLink is why nothing is read that is somewhere else than it seems to be.
var errLink = refusal{"it is a link to another file, which is not followed", "它是指向别的文件的链接，不予跟随"}

// readNotebook reads a notebook that anybody may have written: no link, no
// device, not too large, and nothing but JSON.
func readNotebook(file string) (*notebook, error) {
	info, err := os.Lstat(file)
	if err != nil {
		return nil, err
	}
	switch {
	case info.Mode()&os.ModeSymlink != 0:
		return nil, errLink
	case !info.Mode().IsRegular():
		return nil, refusal{"it is not a regular file", "它不是普通文件"}
	case info.Size() > largest:
		return nil, refusal{
			fmt.Sprintf("it has %d MB, at most %d are read: clear its outputs and hand it in again", info.Size()>>20, largest>>20),
			fmt.Sprintf("文件有 %d MB，最多读取 %d MB：请清除输出后重新提交", info.Size()>>20, largest>>20)}
	}
	f, err := open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	// What was looked at above may have been replaced since.
	if now, err := f.Stat(); err != nil || !os.SameFile(info, now) {
		return nil, refusal{"it changed while it was read", "读取时文件被改动"}
	}
	content, err := io.ReadAll(io.LimitReader(f, largest))
	if err != nil {
		return nil, err
	}
	return parseNotebook(content)
}

// parseNotebook reads the JSON of a notebook.
func parseNotebook(content []byte) (*notebook, error) {
	var file struct {
		Format int `json:"nbformat"`
		Cells  []struct {
			ID       string          `json:"id"`
			Type     string          `json:"cell_type"`
			Source   json.RawMessage `json:"source"`
			Metadata struct {
				NBGrader struct {
					GradeID string   `json:"grade_id"`
					Points  *float64 `json:"points"`
				} `json:"nbgrader"`
			} `json:"metadata"`
		} `json:"cells"`
	}
	if err := json.Unmarshal(content, &file); err != nil {
		return nil, refusal{"it is not a notebook: " + err.Error(), "它不是笔记本：" + err.Error()}
	}
	if file.Format != 4 {
		return nil, refusal{fmt.Sprintf("it is not a notebook of format 4 but %d", file.Format), fmt.Sprintf("它不是格式 4 的笔记本，而是 %d", file.Format)}
	}
	book := &notebook{}
	for _, c := range file.Cells {
		var source string
		var lines []string
		if json.Unmarshal(c.Source, &source) != nil {
			if err := json.Unmarshal(c.Source, &lines); err != nil {
				return nil, refusal{"a cell has no text", "有一个单元格没有文本"}
			}
			source = strings.Join(lines, "")
		}
		id := c.ID
		if c.Metadata.NBGrader.GradeID != "" {
			id = c.Metadata.NBGrader.GradeID
		}
		book.cells = append(book.cells, cell{id: id, code: c.Type == "code", source: source, points: c.Metadata.NBGrader.Points})
	}
	return book, nil
}

// refusal is why something is not graded, in both languages.
type refusal struct{ english, chinese string }

func (r refusal) Error() string { return r.english }

// in is an error in a student's language.
func in(lang string, err error) string {
	var r refusal
	if errors.As(err, &r) && lang == "zh" {
		return r.chinese
	}
	return err.Error()
}
