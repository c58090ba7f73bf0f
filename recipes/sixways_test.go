package recipes

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
)

func TestSixWaysAreWhole(t *testing.T) {
	for _, base := range []cnnlib.Sequential{nets.LeNet(), nets.LessonNet()} {
		r := Plain()
		r.Net = base
		sixWaysAreWhole(t, r)
	}
	all := SixWays(Plain())
	if a, b := all[1].Name, all[4].Name; a != "16, 64" || b != "4096, 2048" {
		t.Errorf("channels %s, dense layers %s", a, b)
	}
}

func sixWaysAreWhole(t *testing.T, base Recipe) {
	ids, ways := map[string]bool{}, map[string]int{}
	for _, s := range SixWays(base) {
		if _, err := s.Net.Check(nets.CIFARInput()); err != nil {
			t.Errorf("%s %s: %v", s.Way, s.Name, err)
		}
		if ids[s.id()] || strings.ContainsAny(s.id(), " ,/") {
			t.Errorf("two settings have the folder %q, or it is none", s.id())
		}
		ids[s.id()] = true
		ways[s.Way]++
		if len(s.Net) != len(base.Net) || s.BatchSize != 256 {
			t.Errorf("%s %s differs in more than one thing", s.Way, s.Name)
		}
		if same := fmt.Sprintf("%#v", s.Net) == fmt.Sprintf("%#v", base.Net); same != slices.Contains([]string{"base", "learning rate", "optimizer", "augmentation"}, s.Way) {
			t.Errorf("%s %s has the base's network: %t", s.Way, s.Name, same)
		}
	}
	if len(ways) != 7 || ways["base"] != 1 {
		t.Errorf("the ways are %v", ways)
	}
}
