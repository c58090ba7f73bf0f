package tests

import (
	"fmt"
	"html"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"convlab/internal/labdir"
	"convlab/internal/skiptest"
)

// TestSite makes the web site of the course: it is not too large, every link in it leads
// somewhere, nothing in it comes from elsewhere, and a browser reads it from files.
func TestSite(t *testing.T) {
	dir := t.TempDir()
	t.Log(command(t, 3*time.Minute, nil, python(t), "notebooks/website.py", dir))
	pages, ids, size := map[string]string{}, map[string]bool{}, int64(0)
	id := regexp.MustCompile(`\sid="([^"]+)"`)
	if err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		size += info.Size()
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		ids[name] = true
		if strings.HasSuffix(name, ".html") {
			pages[name] = string(content)
			for _, m := range id.FindAllStringSubmatch(pages[name], -1) {
				ids[name+"#"+m[1]] = true
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if size > 60e6 || len(pages) < 50 {
		t.Errorf("%d pages, %d MB: want at least 50, at most 60 MB", len(pages), size/1e6)
	}
	links := 0
	for name, page := range pages {
		count, err := brokenLinks(name, page, ids)
		links += count
		if err != nil {
			t.Error(err)
		}
		if m := raw.FindString(code.ReplaceAllString(page, "")); m != "" {
			t.Errorf("%s shows a formula as it is written: %q", name, m)
		}
	}
	t.Logf("%d links in %d pages, %.1f MB", links, len(pages), float64(size)/1e6)
	if _, err := os.Stat(filepath.Join(labdir.Dir(), "browser", "node_modules")); err != nil {
		skiptest.Missing(t, "the browser")
	}
	t.Log(command(t, 15*time.Minute, nil, "node", "tests/browser/site.mjs", dir))
}

var (
	refers  = regexp.MustCompile(`<(\w+)\b[^>]*?\s(href|src)="([^"]*)"`)
	scripts = regexp.MustCompile(`(?s)<script\b[^>]*>.*?</script>`)
	code    = regexp.MustCompile(`(?s)<(script|style|pre|code)\b.*?</(script|style|pre|code)>`)
	raw     = regexp.MustCompile(`\$\$|\\(frac|sum|cdot|text|begin)\b`)
)

// brokenLinks counts the links of a page; its error names those that lead nowhere, and
// what the page would fetch from elsewhere.
func brokenLinks(name, page string, ids map[string]bool) (count int, err error) {
	var wrong []string
	text := scripts.ReplaceAllStringFunc(page, func(s string) string { return s[:strings.Index(s, ">")+1] })
	for _, m := range refers.FindAllStringSubmatch(text, -1) {
		count++
		u, err := url.Parse(html.UnescapeString(m[3]))
		switch {
		case err != nil:
			wrong = append(wrong, m[3])
		case u.Scheme == "data":
		case u.Scheme != "" || u.Host != "":
			if m[1] != "a" {
				wrong = append(wrong, "it fetches "+m[3])
			}
		default:
			to := name
			if u.Path != "" {
				to = filepath.Join(filepath.Dir(name), u.Path)
			}
			if u.Fragment != "" {
				to += "#" + u.Fragment
			}
			if !ids[to] {
				wrong = append(wrong, m[3])
			}
		}
	}
	if len(wrong) > 0 {
		return count, fmt.Errorf("%s: broken links %q", name, wrong)
	}
	return count, nil
}
