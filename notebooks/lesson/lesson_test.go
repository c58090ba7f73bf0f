package lesson

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	exit = func(code int) { panic(code) }
	os.Exit(m.Run())
}

// ended is what is said when a call ends the cell.
func ended(t *testing.T, call func()) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stderr
	os.Stderr = w
	func() {
		defer func() {
			if code := recover(); code != 1 {
				t.Errorf("the cell ended with %v", code)
			}
		}()
		call()
	}()
	os.Stderr = old
	w.Close()
	said := make([]byte, 4096)
	n, _ := r.Read(said)
	r.Close()
	return string(said[:n])
}
