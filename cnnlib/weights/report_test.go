package weights

import (
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	long := strings.Repeat("x", 30)
	for want, left := range map[string][]string{
		"": nil,
		`; left out: a, b.x, c. (3 tensors), b.y, "\x00"`: {"a", "b.x", "c.0", "b.y", "c.1", "c.2", "\x00"},
		"; left out: 0, 1, 2, 3, 4, 5, and 5 more":        {"0", "1", "2", "3", "4", "5", "6", "7", "c.0", "c.1", "c.2"},
		"; left out: " + long + "…" + long:                {strings.Repeat("x", 1000)},
	} {
		if got := (Report{How: "by name", Left: left}).String(); got != "weights matched by name"+want {
			t.Errorf("%s\nwant …%s", got, want)
		}
	}
}
