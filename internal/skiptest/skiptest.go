// Package skiptest decides what happens to a test that lacks what set-up brings:
// on a bare checkout it is skipped and says so, in `make test` it fails.
package skiptest

import (
	"os"
	"testing"
)

// Missing skips the test for want of what; under CONVLAB_TEST_ALL, which
// `make test` sets, it fails it.
func Missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CONVLAB_TEST_ALL") != "" {
		t.Fatalf("%s is missing, and CONVLAB_TEST_ALL allows no skip", what)
	}
	t.Skipf("skipped: %s is missing; `make test` brings it", what)
}
