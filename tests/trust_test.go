package tests

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestNotebooksAreListed: SHA256SUMS names every notebook as it is. JupyterLab
// trusts only these from the start.
func TestNotebooksAreListed(t *testing.T) {
	var want strings.Builder
	for _, language := range []string{"en", "zh"} {
		files, err := filepath.Glob("../notebooks/" + language + "/*.ipynb")
		if err != nil || len(files) == 0 {
			t.Fatalf("no notebooks in %s: %v", language, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&want, "%x  %s/%s\n", sha256.Sum256(data), language, filepath.Base(file))
		}
	}
	if got, err := os.ReadFile("../notebooks/SHA256SUMS"); err != nil || string(got) != want.String() {
		t.Errorf("notebooks/SHA256SUMS is not that of the notebooks (%v): run `make notebooks`, or sha256sum in notebooks for what was changed by hand", err)
	}
}

// trustsItsOwn asks a server for a notebook of the course in the folder that it
// serves, and for one that differs from it by a letter.
func trustsItsOwn(t *testing.T, address, served string) {
	t.Helper()
	own, err := os.ReadFile(filepath.Join(served, "en", "1.1-convolution.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(own, []byte("photo"), []byte("Photo"), 1)
	if err := os.WriteFile(filepath.Join(served, "en", "changed.ipynb"), changed, 0o644); err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"1.1-convolution.ipynb": true, "changed.ipynb": false} {
		ask := fmt.Sprintf("http://%s/api/contents/en/%s?%s", at.Host, name, at.RawQuery)
		response, err := http.Get(ask)
		for limit := time.Now().Add(time.Minute); err != nil; response, err = http.Get(ask) { // it tells its address before it listens
			if time.Now().After(limit) {
				t.Fatal(err)
			}
			time.Sleep(50 * time.Millisecond)
		}
		defer response.Body.Close()
		var file struct {
			Content struct {
				Cells []struct {
					Type     string `json:"cell_type"`
					Metadata struct{ Trusted bool }
				}
			}
		}
		if err := json.NewDecoder(response.Body).Decode(&file); err != nil || len(file.Content.Cells) == 0 {
			t.Fatalf("%s: %v, %d cells", name, err, len(file.Content.Cells))
		}
		for i, c := range file.Content.Cells {
			if c.Type == "code" && c.Metadata.Trusted != want {
				t.Errorf("%s: the server trusts cell %d: %v", name, i, c.Metadata.Trusted)
				break
			}
		}
	}
}
