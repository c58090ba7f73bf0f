//go:build linux

package faults

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convlab/internal/labtest"
)

// flip changes one bit of a file and returns which byte it is in.
func flip(t testing.TB, file string, random *rand.Rand) int {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at := random.IntN(len(content))
	content[at] ^= 1 << random.IntN(8)
	if err := os.WriteFile(file, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return at
}

// TestDoorsOfTheDataSet: `convlab data` takes no file of which one bit was changed.
func TestDoorsOfTheDataSet(t *testing.T) {
	from := labtest.Data(t)
	tally := count(t, "Doors", "convlab data --from", "one bit flipped in one of the six files")
	random := rand.New(rand.NewPCG(1, 1))
	names := []string{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"}
	for i := range times(2, 60) {
		stick, data := t.TempDir(), t.TempDir()
		name := names[i*5%6]
		for _, n := range names {
			if n != name {
				if err := os.Symlink(filepath.Join(from, n), filepath.Join(stick, n)); err != nil {
					t.Fatal(err)
				}
			}
		}
		content, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(stick, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
		at := flip(t, filepath.Join(stick, name), random)
		r := run(t, 2*time.Minute, t.TempDir(), environment(t.TempDir()), program(t, "convlab"), "data", "--from", stick, "--data", data)
		_, err = os.Stat(filepath.Join(data, name))
		switch {
		case r.hung:
			tally.hung("hung:\n%s", r.out)
		case r.panicked():
			tally.panicked("%s", r.out)
		case r.code == 0 || err == nil || !strings.Contains(r.out, name):
			tally.lost("byte %d of %s: exit %d, in the data folder: %v\n%s", at, name, r.code, err == nil, r.out)
		default:
			tally.refused()
		}
		os.RemoveAll(stick)
		os.RemoveAll(data)
	}
}

// TestDoorsOfThePlugin: set-up's script takes the wheel whose hash is pinned
// and no other, and leaves the plugin that is there as it is.
func TestDoorsOfThePlugin(t *testing.T) {
	python := newKernelLab(t).python
	tally := count(t, "Doors", "tools/plugin.sh", "one bit flipped in the wheel")
	random := rand.New(rand.NewPCG(2, 1))
	dir := t.TempDir()
	var wheel bytes.Buffer
	z := zip.NewWriter(&wheel)
	for name, content := range map[string]string{"stub/libpjrt_cpu.so": "a plugin", "stub-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: stub\nVersion: 1.0\n",
		"stub-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n", "stub-1.0.dist-info/RECORD": ""} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, content)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	links, labDir := filepath.Join(dir, "links"), filepath.Join(dir, "lab")
	requirements := filepath.Join(dir, "requirements.txt")
	file := filepath.Join(links, "stub-1.0-py3-none-any.whl")
	os.Mkdir(links, 0o755)
	if err := os.WriteFile(requirements, fmt.Appendf(nil, "stub==1.0 --hash=sha256:%x\n", sha256.Sum256(wheel.Bytes())), 0o644); err != nil {
		t.Fatal(err)
	}
	plugin := func() (result, string) {
		r := run(t, 2*time.Minute, root(), append(os.Environ(), "PIP_NO_INDEX=1", "PIP_FIND_LINKS="+links), "bash", "tools/plugin.sh", python, requirements, labDir, "cpu", "libpjrt_cpu.so")
		content, _ := os.ReadFile(filepath.Join(labDir, "plugins", "pjrt_c_api_cpu_plugin.so"))
		return r, string(content)
	}
	for i := range times(3, 100) {
		if err := os.WriteFile(file, wheel.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			if r, content := plugin(); r.code != 0 || content != "a plugin" {
				t.Fatalf("the right wheel: exit %d, plugin %q\n%s", r.code, content, r.out)
			}
		}
		at := flip(t, file, random)
		if r, content := plugin(); r.code == 0 || content != "a plugin" {
			tally.lost("byte %d: exit %d, the plugin is %q\n%s", at, r.code, content, r.out)
			continue
		}
		tally.refused()
	}
}

// TestDoorsOfTheBrowser: npm takes the package whose hash the lock file has.
func TestDoorsOfTheBrowser(t *testing.T) {
	npm, err := exec.LookPath("npm")
	if err != nil {
		t.Skip("npm is for the browser test only")
	}
	tally := count(t, "Doors", "npm ci", "one bit flipped in the archive of a package that a lock file as ours names")
	random := rand.New(rand.NewPCG(3, 1))
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	env := append(os.Environ(), "npm_config_cache="+filepath.Join(dir, "cache"), "npm_config_offline=true")
	write("package/package.json", `{"name": "stub", "version": "1.0.0"}`)
	if r := run(t, time.Minute, filepath.Join(dir, "package"), env, npm, "pack", "--silent", "--pack-destination", dir); r.code != 0 {
		t.Fatal(r.out)
	}
	archive := filepath.Join(dir, "stub-1.0.0.tgz")
	good, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha512.Sum512(good)
	write("package.json", `{"name": "user", "version": "1.0.0", "dependencies": {"stub": "file:stub-1.0.0.tgz"}}`)
	write("package-lock.json", `{"name": "user", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "user", "version": "1.0.0", "dependencies": {"stub": "file:stub-1.0.0.tgz"}},
 "node_modules/stub": {"version": "1.0.0", "resolved": "file:stub-1.0.0.tgz", "integrity": "sha512-`+base64.StdEncoding.EncodeToString(sum[:])+`"}}}`)
	if r := run(t, time.Minute, dir, env, npm, "ci", "--no-audit", "--no-fund"); r.code != 0 {
		t.Fatalf("the right archive: %s", r.out)
	}
	for range times(1, 30) {
		if err := os.WriteFile(archive, good, 0o644); err != nil {
			t.Fatal(err)
		}
		at := flip(t, archive, random)
		os.RemoveAll(filepath.Join(dir, "cache"))
		if r := run(t, time.Minute, dir, env, npm, "ci", "--no-audit", "--no-fund"); r.code == 0 {
			tally.lost("byte %d: taken\n%s", at, r.out)
			continue
		}
		tally.refused()
	}
	// Ours: every package of it has such a hash.
	lock, err := os.ReadFile(filepath.Join(root(), "tests", "browser", "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	if packages, hashes := strings.Count(string(lock), `"node_modules/`), strings.Count(string(lock), `"integrity": "sha512-`); packages == 0 || packages != hashes {
		t.Errorf("%d packages with %d hashes in the lock file", packages, hashes)
	}
}
