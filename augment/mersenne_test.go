package augment

import "testing"

// TestMersenne compares with the numbers of the authors' program for the seed
// 5489: the first three, and number 10,000.
func TestMersenne(t *testing.T) {
	var m mersenne
	m.seed(5489)
	for i, want := range []uint32{3499211612, 581869302, 3890346734} {
		if got := m.next(); got != want {
			t.Errorf("number %d is %d, want %d", i, got, want)
		}
	}
	for range 9996 {
		m.next()
	}
	if got := m.next(); got != 4123659995 {
		t.Errorf("number 10,000 is %d, want 4123659995", got)
	}
}
