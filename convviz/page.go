package convviz

import (
	"fmt"
	"path/filepath"
	"strings"

	"convlab/internal/notebook"
)

// Page is a picture with more behind it: HTML that works offline, and the
// picture for where that cannot be.
type Page struct {
	*Picture
	HTML   string
	id     string // of its element, which no other of a notebook has
	guards bool   // HTML itself shows the picture where scripts do not run
}

// ShowPage puts a page into the cell's output. Where a repository's site has
// cleaned the notebook of scripts and styles, the picture is seen.
func ShowPage(p *Page, err ...error) error {
	if err := firstError(p == nil, "show", err); err != nil {
		return err
	}
	html, failed := p.guarded()
	if failed != nil {
		return failed
	}
	b := bundle(p.Picture)
	b.SVG, b.HTML = "", html
	return notebook.Show(b)
}

// guarded is the picture, and the page in a script that is only text, which
// takes the picture's place where scripts run.
func (p *Page) guarded() (string, error) {
	if p.guards {
		return p.HTML, nil
	}
	img, err := jpegOf(p.Picture)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf(`<div id="%[1]s">%[2]s
<script type="text/plain">%[3]s</script>
<script>(function(){var root=document.getElementById("%[1]s");root.innerHTML=root.querySelector("script").textContent})()</script></div>
`, notebook.UniqueID(), img, p.HTML), nil
}

// WritePage saves a page: as .html, or its picture as Write does.
func WritePage(file string, p *Page, err ...error) error {
	if err := firstError(p == nil, "write to "+file, err); err != nil {
		return err
	}
	if strings.EqualFold(filepath.Ext(file), ".html") {
		html := p.HTML
		if p.id != "" {
			html = strings.ReplaceAll(html, p.id, only)
		}
		return save(file, document(html))
	}
	return p.Picture.Write(file)
}
