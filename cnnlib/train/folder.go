package train

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"convlab/cnnlib"
	"convlab/internal/atomicfile"
)

const keep = 2 // checkpoints: the newest, and the one before in case the newest is damaged

// ErrBusy is the error of Fit and Save in a folder in which another process trains.
var ErrBusy = errors.New("being trained in already")

// nameOf is the file of the checkpoint after done steps of an epoch.
func nameOf(dir string, epoch, done int) string {
	return filepath.Join(dir, fmt.Sprintf("epoch-%06d-step-%06d.ckpt", epoch, done))
}

// checkpointName is what nameOf gives, and nothing else.
var checkpointName = regexp.MustCompile(`^epoch-([0-9]{6,9})-step-([0-9]{6,9})\.ckpt$`)

// files lists the checkpoints of dir, newest first. A folder that is not there
// has none; one that cannot be read is an error. The name of the folder is
// never taken for a pattern.
func files(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("train: list the checkpoints: %w", err)
	}
	type checkpoint struct {
		name        string
		epoch, done int
	}
	var found []checkpoint
	for _, e := range entries {
		parts := checkpointName.FindStringSubmatch(e.Name())
		if parts == nil || e.IsDir() {
			continue
		}
		epoch, _ := strconv.Atoi(parts[1]) // at most nine digits
		done, _ := strconv.Atoi(parts[2])
		found = append(found, checkpoint{e.Name(), epoch, done})
	}
	slices.SortFunc(found, func(a, b checkpoint) int {
		return cmp.Or(cmp.Compare(b.epoch, a.epoch), cmp.Compare(b.done, a.done), cmp.Compare(b.name, a.name))
	})
	var paths []string
	for _, c := range found {
		paths = append(paths, filepath.Join(dir, c.name))
	}
	return paths, nil
}

// writable makes the folder and tries to write in it, so that training does
// not find out after hours that it cannot save.
func writable(dir string) error {
	if err := atomicfile.Writable(dir); err != nil {
		return fmt.Errorf("train: no checkpoint can be saved in %s: %w", dir, err)
	}
	return nil
}

// save writes where training is and gives the file. Kept are the newest ones
// and the one of the best epoch, with KeepAll those after every epoch.
func (r *run) save() (file string, err error) {
	h := header{History: r.history, Now: r.now, Seed: r.cfg.Seed, BatchSize: r.cfg.BatchSize, Images: r.data.n, How: r.how()}
	values, err := h.list(r.m)
	if err != nil {
		return "", err
	}
	epoch, done := len(r.history)+1, r.now.Done
	if done == 0 && epoch > 1 {
		epoch, done = epoch-1, r.steps() // an epoch has just ended
	}
	file = nameOf(r.cfg.Dir, epoch, done)
	if err := write(file, h, values); err != nil {
		return "", fmt.Errorf("train: save: %w", err)
	}
	r.saved = time.Now()
	found, err := files(r.cfg.Dir)
	if err != nil {
		return "", err
	}
	best, kept, ahead := nameOf(r.cfg.Dir, r.history.Best()+1, r.steps()), 0, slices.Contains(found, file)
	for _, old := range found {
		if old == file {
			ahead = false
		}
		switch {
		case ahead: // damaged: resume passed it over
			os.Remove(old)
		case kept < keep:
			kept++
		case r.cfg.KeepAll && strings.HasSuffix(old, fmt.Sprintf("-step-%06d.ckpt", r.steps())):
		case old != best:
			os.Remove(old)
		}
	}
	return file, nil
}

// Save writes the weights of m, wherever they came from, as the first
// checkpoint of dir. Load reads them back, and Fit starts from them.
func Save(m *cnnlib.Model, dir string) error {
	unlock, err := lock(dir)
	if err != nil {
		return err
	}
	defer unlock()
	found, err := files(dir)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return fmt.Errorf("train: %s has checkpoints already, as %s: save in another folder", dir, found[0])
	}
	if err := forget(m); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	h := header{}
	values, err := h.list(m)
	if err != nil {
		return err
	}
	if err := write(nameOf(dir, 1, 0), h, values); err != nil {
		return fmt.Errorf("train: save: %w", err)
	}
	return nil
}

// Discard removes the checkpoints of dir and nothing else.
func Discard(dir string) error {
	found, err := files(dir)
	if err != nil {
		return err
	}
	for _, file := range found {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) { // another process does the same
			return fmt.Errorf("train: %w", err)
		}
	}
	return nil
}
