//go:build linux

package faults

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// told looks at a run to which the disk was unkind: it ends well, or with one
// line that names a file below dir and the cause; what was there stays. Then
// the fault is mended and the next run has to succeed.
func (j job) told(c *tally, dir, fault, cause string, r result, mend func()) {
	c.t.Helper()
	if r.code != 0 && !r.hung && !r.panicked() {
		lines := strings.Split(strings.TrimSpace(r.out), "\n")
		last := lines[len(lines)-1]
		if !strings.Contains(last, "error") || strings.Count(r.out, cause) != 1 || !strings.Contains(last, cause) || !strings.Contains(last, dir) {
			c.lost("%s: %s: no single line says %q of a file in %s:\n%s", j.what, fault, cause, dir, r.out)
			return
		}
	}
	mend()
	if !j.after(c, dir, fault, r) {
		return
	}
	if r.code == 0 {
		c.well()
	} else {
		c.refused()
	}
}

// failing lets the job's calls fail, one after the other, in each way that a
// disk can: of each way at most so many. After an error that lasts, as that of
// a full disk, the later calls fail too.
func (j job) failing(t *testing.T, most int) {
	t.Helper()
	c := count(t, "Disk", j.what, "ENOSPC, EDQUOT, EROFS or EIO from each write, fsync, rename …")
	n := j.calls(t)
	for _, how := range []struct{ errno, cause string }{
		{"ENOSPC", "no space left on device"}, {"EDQUOT", "disk quota exceeded"}, {"EROFS", "read-only file system"}, {"EIO", "input/output error"}} {
		for _, i := range some(n, most) {
			dir := j.prepared(t)
			r, s := j.traced(t, dir, "-fail", number(i), "-errno", how.errno)
			j.told(c, dir, how.errno+" of call "+number(i)+", "+s.Struck, how.cause, r, func() {})
			os.RemoveAll(dir)
		}
	}
	c.note("%d such calls", n)
}

// full gives the job a disk with so little room, from nothing to more than it
// needs, in steps of step bytes: at most so many.
func (j job) full(t *testing.T, step, needs, most int) {
	t.Helper()
	c := count(t, "Disk", j.what, "disk full after each "+number(step/1000)+" kB")
	for _, i := range some((needs+step-1)/step, most) {
		dir := j.prepared(t)
		room := (i - 1) * step
		r, _ := j.traced(t, dir, "-room", number(room))
		j.told(c, dir, number(room)+" bytes of room", "no space left on device", r, func() {})
		os.RemoveAll(dir)
	}
	c.note("up to %d kB", needs/1000)
}

// small runs the job on file systems of memory, which are really full, where
// they may be mounted: with 100 KiB of room, 200 KiB … to more than it needs.
func (j job) small(t *testing.T, needs, most int) {
	t.Helper()
	const step = 100 << 10
	c := count(t, "Disk", j.what, "file system with each 100 KiB more")
	begins := 0
	err := filepath.WalkDir(j.prepared(t), func(path string, e fs.DirEntry, err error) error {
		if info, failed := e.Info(); err == nil && failed == nil {
			begins += (int(info.Size()) + 4095) / 4096 * 4096
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range some((needs+step-1)/step, most) {
		dir := t.TempDir()
		size := begins + 8192 + (i-1)*step
		if err := syscall.Mount("none", dir, "tmpfs", 0, "size="+number(size)); err != nil {
			t.Skipf("no file system can be mounted here: %v", err)
		}
		unmount := func() { syscall.Unmount(dir, syscall.MNT_DETACH) }
		t.Cleanup(unmount)
		if err := j.prepare(dir); err != nil {
			t.Fatalf("%s: %d bytes are not even enough to begin: %v", j.what, size, err)
		}
		r := j.run(t, dir)
		j.told(c, dir, "a file system of "+number(size)+" bytes", "no space left on device", r, func() {
			if err := syscall.Mount("none", dir, "tmpfs", syscall.MS_REMOUNT, "size=1g"); err != nil {
				t.Fatal(err)
			}
		})
		unmount()
	}
	c.note("up to %d KiB of room", needs>>10)
}

// limited sets RLIMIT_FSIZE, above which a file may not grow.
func (j job) limited(t *testing.T, kilobytes ...int) {
	t.Helper()
	c := count(t, "Disk", j.what, "RLIMIT_FSIZE")
	for _, n := range kilobytes {
		dir := j.prepared(t)
		r := j.run(t, dir, "bash", "-c", `ulimit -f `+number(n)+` && exec "$@"`, "limited")
		j.told(c, dir, "RLIMIT_FSIZE of "+number(n)+" KiB", "file too large", r, func() {})
		os.RemoveAll(dir)
	}
}

// forbidden lets somebody run the job who may read the folders and not write.
func (j job) forbidden(t *testing.T) {
	t.Helper()
	c := count(t, "Disk", j.what, "no permission to write")
	dir := j.prepared(t)
	open(t, filepath.Dir(program(t, "convlab")))
	open(t, filepath.Dir(dir))
	folders(t, dir, 0o555)
	t.Cleanup(func() { folders(t, dir, 0o755) })
	words := j.command(dir)
	r := runAs(t, nobody(), dir, j.environ(dir), words...)
	j.told(c, dir, "a folder without the right to write", "permission denied", r, func() { folders(t, dir, 0o755) })
}

// readOnly runs the job on a file system that is mounted to be read.
func (j job) readOnly(t *testing.T) {
	t.Helper()
	c := count(t, "Disk", j.what, "file system mounted read-only")
	dir := t.TempDir()
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=1g"); err != nil {
		t.Skipf("no file system can be mounted here: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	remount := func(flags uintptr) {
		if err := syscall.Mount("none", dir, "tmpfs", syscall.MS_REMOUNT|flags, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.prepare(dir); err != nil {
		t.Fatal(err)
	}
	remount(syscall.MS_RDONLY)
	r := j.run(t, dir)
	if r.code == 0 {
		c.lost("%s: it says that it wrote to a read-only file system:\n%s", j.what, r.out)
		return
	}
	j.told(c, dir, "a read-only file system", "read-only file system", r, func() { remount(0) })
}

func TestDiskTraining(t *testing.T) {
	j := training(t)
	t.Run("errors", func(t *testing.T) { j.failing(t, times(1, all)) })
	t.Run("full", func(t *testing.T) { j.full(t, 100_000, 2_200_000, times(1, all)) })
	t.Run("small", func(t *testing.T) { j.small(t, 2200<<10, times(1, all)) })
	t.Run("limit", func(t *testing.T) { j.limited(t, []int{500, 0, 1, 100, 900}[:times(1, 5)]...) })
	t.Run("forbidden", func(t *testing.T) { j.forbidden(t) })
	t.Run("read-only", func(t *testing.T) { j.readOnly(t) })
}

func TestDiskExport(t *testing.T) {
	for _, format := range []string{"pth", "safetensors", "onnx", "stablehlo"} {
		t.Run(format, func(t *testing.T) {
			j, once, kilobytes := exporting(t, format), 2, 500
			if format == "stablehlo" { // XLA starts in a second
				once, kilobytes = 1, 800
			}
			t.Run("errors", func(t *testing.T) { j.failing(t, times(once, all)) })
			t.Run("full", func(t *testing.T) { j.full(t, 100_000, 1000*kilobytes, times(once, all)) })
			t.Run("small", func(t *testing.T) { j.small(t, kilobytes<<10, times(once, all)) })
			t.Run("limit", func(t *testing.T) { j.limited(t, []int{100, 0, 1, 200}[:times(1, 4)]...) })
			t.Run("forbidden", func(t *testing.T) { j.forbidden(t) })
			t.Run("read-only", func(t *testing.T) { j.readOnly(t) })
		})
	}
}

func TestDiskDraw(t *testing.T) {
	for _, format := range []string{"svg", "png", "gif", "html"} {
		t.Run(format, func(t *testing.T) {
			j, kilobytes := drawing(t, format), 300
			if format == "gif" {
				kilobytes = 1100
			}
			t.Run("errors", func(t *testing.T) { j.failing(t, times(1, all)) })
			t.Run("full", func(t *testing.T) { j.full(t, 100_000, 1000*kilobytes, times(1, all)) })
			if *full {
				t.Run("small", func(t *testing.T) { j.small(t, kilobytes<<10, all) })
			}
			t.Run("limit", func(t *testing.T) { j.limited(t, 0) })
			t.Run("forbidden", func(t *testing.T) { j.forbidden(t) })
			t.Run("read-only", func(t *testing.T) { j.readOnly(t) })
		})
	}
}

func TestDiskImport(t *testing.T) {
	j := importing(t)
	t.Run("errors", func(t *testing.T) { j.failing(t, times(1, all)) })
	t.Run("full", func(t *testing.T) { j.full(t, 100_000, 500_000, times(1, all)) })
	t.Run("small", func(t *testing.T) { j.small(t, 500<<10, times(1, all)) })
	t.Run("limit", func(t *testing.T) { j.limited(t, []int{0, 1, 100, 300}[:times(1, 4)]...) })
	t.Run("forbidden", func(t *testing.T) { j.forbidden(t) })
	t.Run("read-only", func(t *testing.T) { j.readOnly(t) })
}

func TestDiskReport(t *testing.T) {
	j := reporting(t)
	if *full {
		t.Run("errors", func(t *testing.T) { j.failing(t, all) })
		t.Run("full", func(t *testing.T) { j.full(t, 100_000, 200_000, all) })
		t.Run("small", func(t *testing.T) { j.small(t, 200<<10, all) })
		t.Run("limit", func(t *testing.T) { j.limited(t, 0, 1, 10) })
		t.Run("read-only", func(t *testing.T) { j.readOnly(t) })
	}
	t.Run("forbidden", func(t *testing.T) { j.forbidden(t) })
}

func TestDiskData(t *testing.T) {
	j := fetching(t)
	if *full {
		t.Run("errors", func(t *testing.T) { j.failing(t, all) })
		t.Run("full", func(t *testing.T) { j.full(t, 10_000_000, 200_000_000, all) })
		t.Run("read-only", func(t *testing.T) { j.readOnly(t) })
	}
	t.Run("limit", func(t *testing.T) { j.limited(t, []int{20000, 0, 1000}[:times(1, 3)]...) })
	t.Run("forbidden", func(t *testing.T) { j.forbidden(t) })
}
