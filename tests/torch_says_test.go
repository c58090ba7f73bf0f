package tests

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestTorchSays: what part 3.9 quotes of PyTorch is what PyTorch says of these
// programs.
func TestTorchSays(t *testing.T) {
	python := torch(t)
	script := filepath.Join(t.TempDir(), "says.py")
	if err := os.WriteFile(script, []byte(`
import torch
from torch import nn
def says(program):
    try:
        program()
    except Exception as error:
        print(type(error).__name__ + ": " + str(error).splitlines()[0])
says(lambda: nn.CrossEntropyLoss()(torch.zeros(1, 10), torch.tensor([10])))
says(lambda: nn.Sequential(nn.Conv2d(3, 6, 3), nn.ReLU(), nn.Linear(5400, 10))(torch.zeros(1, 3, 32, 32)))
says(lambda: nn.BatchNorm1d(64)(torch.zeros(1, 64)))
`), 0o666); err != nil {
		t.Fatal(err)
	}
	said := strings.Split(strings.TrimSpace(command(t, 3*time.Minute, nil, python, script)), "\n")
	quoted := regexp.MustCompile("`(\\w+Error: [^`]+)`")
	for _, language := range []string{"en", "zh"} {
		for _, b := range lessonBooks(t, language) {
			if !strings.HasPrefix(filepath.Base(b.name), "3.9") {
				continue
			}
			var got []string
			for _, m := range quoted.FindAllStringSubmatch(b.markdown(), -1) {
				got = append(got, m[1])
			}
			if strings.Join(got, "\n") != strings.Join(said, "\n") {
				t.Errorf("%s quotes\n%s\nPyTorch says\n%s", b.name, strings.Join(got, "\n"), strings.Join(said, "\n"))
			}
		}
	}
}
