package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReadme checks that the commands, targets and links of the README and of
// docs/commands.md are real.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?m)^make ([a-z]+)").FindAllStringSubmatch(string(text), -1) {
		if !regexp.MustCompile(`(?m)^` + m[1] + `:`).Match(makefile) {
			t.Errorf("README tells of make %s, the Makefile has no such target", m[1])
		}
	}
	help, err := exec.Command("make", "-s", "-C", "..", "help").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range regexp.MustCompile(`(?m)^\.PHONY: (setup.*)`).FindStringSubmatch(string(makefile))[1:] {
		for _, name := range strings.Fields(target) {
			if !regexp.MustCompile(`(?m)^make ` + name + ` `).Match(help) {
				t.Errorf("make help does not tell of make %s:\n%s", name, help)
			}
		}
	}
	dir := t.TempDir() + string(filepath.Separator)
	if out, err := exec.Command("go", "build", "-o", dir, "../cmd/convlab", "../cmd/convserve").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	list, err := os.ReadFile("../docs/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := regexp.MustCompile("(?m)^(convlab|convserve) ([^#\n]+)").FindAllStringSubmatch(string(text)+string(list), -1)
	if len(commands) < 20 {
		t.Errorf("README and docs/commands.md have only %d commands", len(commands))
	}
	for _, m := range commands {
		args := append(strings.Fields(m[2]), "--help") // each word is parsed, nothing is run
		if out, err := exec.Command(dir+m[1], args...).CombinedOutput(); err != nil {
			t.Errorf("%s %s: %v\n%s", m[1], m[2], err, out)
		}
	}
	for _, file := range []string{"README.md", "notebooks/index.md", "notebooks/index.zh.md", "docker/README.md", "docker/hub/README.md", "docs/image.md"} {
		text, err := os.ReadFile(filepath.Join("..", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\]\(([^)#]+)`).FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join("..", filepath.Dir(file), m[1])); err != nil {
				t.Errorf("%s: broken link %s", file, m[1])
			}
		}
	}
}
