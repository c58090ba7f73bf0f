package tidy

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	fence   = regexp.MustCompile("(?ms)^```.*?^```$")
	heading = regexp.MustCompile(`(?m)^#+ +(.*)$`)
	notSlug = regexp.MustCompile(`[^\p{L}\p{N}\- _]`)
)

// TestLinks: every link of a page to a file or a heading of the repository
// leads somewhere. Links to other sites are not followed.
func TestLinks(t *testing.T) {
	count := 0
	for _, name := range tracked(t, ".md") {
		if strings.HasPrefix(name, "notebooks/src/") {
			continue // of the built notebooks the course's own tests follow them
		}
		page := fence.ReplaceAllString(text(t, name), "")
		for _, found := range link.FindAllStringSubmatch(page, -1) {
			target, anchor, _ := strings.Cut(found[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			count++
			file := name
			if target != "" {
				file = path.Join(path.Dir(name), target)
			}
			if _, err := os.Stat(filepath.Join(root, file)); err != nil {
				t.Errorf("%s links to %s, which is not there", name, found[1])
				continue
			}
			if anchor != "" && strings.HasSuffix(file, ".md") && !headings(text(t, file))[anchor] {
				t.Errorf("%s links to %s, but %s has no such heading", name, found[1], file)
			}
		}
	}
	if count < 50 {
		t.Errorf("only %d links were followed", count)
	}
}

// headings are the anchors that a repository's site gives the headings of a
// page.
func headings(page string) map[string]bool {
	anchors := map[string]bool{}
	for _, h := range heading.FindAllStringSubmatch(fence.ReplaceAllString(page, ""), -1) {
		words := link.ReplaceAllString(strings.ReplaceAll(h[1], "[", ""), "")
		anchors[strings.ReplaceAll(notSlug.ReplaceAllString(strings.ToLower(words), ""), " ", "-")] = true
	}
	return anchors
}
