//go:build linux

package faults

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"convlab/internal/atomicfile"
)

// sorts are the sections of docs/reliability.md, in their order.
var sorts = []string{"Reports", "Kill", "Disk", "Bytes", "Programs", "Races", "Long", "Doors", "Environment", "Interrupts", "Peers"}

// A row of the page: one fault done to one thing, and what came out.
type row struct {
	Sort string // one of sorts
	What string // the thing: a command, a format, a server
	How  string // the fault, and at which moments
	// Tries is how often; each came out in one of these ways.
	Tries, Well, Refused, Lost, Panics, Hangs int
	// Note says what a reader needs besides, such as measured slopes.
	Note    string `json:",omitempty"`
	Seconds float64
	Date    string
	Commit  string
	Machine string
}

// A tally counts what comes out of one fault done to one thing.
type tally struct {
	t     *testing.T
	mu    sync.Mutex
	row   row
	begin time.Time
}

// rows are those of the tests that ran.
var rows struct {
	sync.Mutex
	all []row
}

// count begins a row; when the test ends, the row is kept for the page.
func count(t *testing.T, sort, what, how string) *tally {
	t.Helper()
	if !slices.Contains(sorts, sort) {
		t.Fatalf("%q is not a section of the page", sort)
	}
	c := &tally{t: t, row: row{Sort: sort, What: what, How: how}, begin: time.Now()}
	t.Cleanup(func() {
		c.row.Seconds = float64(time.Since(c.begin).Round(100*time.Millisecond)) / float64(time.Second)
		c.row.Date, c.row.Machine = time.Now().UTC().Format(time.DateOnly), fmt.Sprintf("%s, %d cores", processor(), runtime.NumCPU())
		t.Logf("%s, %s, %s: %d tries, %d well, %d refused, %d lost, %d panics, %d hangs %s", sort, what, how,
			c.row.Tries, c.row.Well, c.row.Refused, c.row.Lost, c.row.Panics, c.row.Hangs, c.row.Note)
		rows.Lock()
		defer rows.Unlock()
		rows.all = append(rows.all, c.row)
	})
	return c
}

// well counts a try after which all was as it should be: the next run
// succeeded, or the thing was read and is right.
func (c *tally) well() { c.add(func(r *row) { r.Well++ }) }

// refused counts a try that ended in an error in plain words, where that is
// what should happen.
func (c *tally) refused() { c.add(func(r *row) { r.Refused++ }) }

// lost counts a try after which a good file was gone or wrong, or the next run
// failed; the test fails.
func (c *tally) lost(format string, args ...any) {
	c.t.Helper()
	c.add(func(r *row) { r.Lost++ })
	c.t.Errorf(format, args...)
}

// panicked counts a crash; the test fails.
func (c *tally) panicked(format string, args ...any) {
	c.t.Helper()
	c.add(func(r *row) { r.Panics++ })
	c.t.Errorf(format, args...)
}

// hung counts a try that took longer than its limit; the test fails.
func (c *tally) hung(format string, args ...any) {
	c.t.Helper()
	c.add(func(r *row) { r.Hangs++ })
	c.t.Errorf(format, args...)
}

// note adds a sentence to the row.
func (c *tally) note(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.row.Note = strings.TrimSpace(c.row.Note + " " + fmt.Sprintf(format, args...))
}

func (c *tally) add(outcome func(*row)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.row.Tries++
	outcome(&c.row)
}

// writePage puts the new rows in place of those of the same name in
// docs/reliability, a file for each sort, and writes docs/reliability.md from
// all of them.
func writePage() error {
	dir := filepath.Join(root(), "docs", "reliability")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	commit, err := commit()
	if err != nil {
		return err
	}
	var all []row
	for _, sort := range sorts {
		file := filepath.Join(dir, strings.ToLower(sort)+".json")
		var of []row
		old, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err == nil {
			if err := json.Unmarshal(old, &of); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
		var changed bool
		for _, r := range rows.all {
			if r.Sort != sort {
				continue
			}
			r.Commit, changed = commit, true
			same := func(o row) bool { return o.What == r.What && o.How == r.How }
			of = append(slices.DeleteFunc(of, same), r)
		}
		slices.SortStableFunc(of, func(a, b row) int { return cmp.Or(strings.Compare(a.What, b.What), strings.Compare(a.How, b.How)) })
		all = append(all, of...)
		if !changed {
			continue
		}
		text, err := json.MarshalIndent(of, "", " ")
		if err != nil {
			return err
		}
		if err := atomicfile.WriteFile(file, append(text, '\n')); err != nil {
			return err
		}
	}
	rest, err := gaps(all)
	if err != nil {
		return err
	}
	return atomicfile.WriteFile(filepath.Join(root(), "docs", "reliability.md"), []byte(page(all)+rest))
}

// gaps says what of the page is not as it should be: rows of which nobody can
// check out what was tried, and tests that have no row of the race detector.
func gaps(all []row) (string, error) {
	count, of := 0, map[string]int{}
	for _, r := range all {
		if exec.Command("git", "merge-base", "--is-ancestor", r.Commit, "HEAD").Run() != nil {
			count, of[r.Sort] = count+1, of[r.Sort]+1
		}
	}
	text := "\n"
	if count > 0 {
		var parts []string
		for _, sort := range sorts {
			if of[sort] > 0 {
				parts = append(parts, fmt.Sprintf("%d of %s", of[sort], sort))
			}
		}
		text += fmt.Sprintf("Of the %d rows %d were not made on a commit of this history, or with changes to it (`-dirty`): %s. `make faults FAULTS=Kill` makes those of Kill anew, and so on.\n",
			len(all), count, strings.Join(parts, ", "))
	}
	names, err := packages()
	if err != nil {
		return "", err
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		return slices.ContainsFunc(all, func(r row) bool { return r.What == testsOf(name) })
	})
	if len(names) > 0 {
		text += "Not run under the race detector yet: " + testsOf(strings.Join(names, "`, `")) + ".\n"
	}
	return strings.TrimSuffix(text, "\n") + "\n", nil
}

// commit is what was tried, with "-dirty" if a file differs from it that this
// package does not write itself.
func commit() (string, error) {
	hash, err := exec.Command("git", "describe", "--always").Output()
	if err != nil {
		return "", fmt.Errorf("git describe: %w", err)
	}
	changes, err := exec.Command("git", "status", "--porcelain", "--untracked-files=no", "--", ":/", ":!/docs/reliability", ":!/docs/reliability.md").Output()
	if err != nil {
		return "", fmt.Errorf("git status: %w", err)
	}
	name := strings.TrimSpace(string(hash))
	if len(changes) > 0 {
		name += "-dirty"
	}
	return name, nil
}

// page is docs/reliability.md.
func page(all []row) string {
	var b strings.Builder
	b.WriteString(`# What was done to convlab, and what came out

` + "`make faults`" + ` made this page: it is not written by hand. Every row is one fault, done to one thing as often as it says. A try came out *well*
if the next run succeeded and every good file was still there, bit for bit; it was *refused* if it ended in an error that says what is wrong, where that
is the right answer. *Lost* counts files that were lost or wrong and runs that could not go on. ` + "`make test`" + ` tries the same things a few times.

A load behind a time is how many threads wanted a processor at that moment, as a mean over a minute: above the number of cores everything takes longer.
`)
	for _, sort := range sorts {
		var of []row
		for _, r := range all {
			if r.Sort == sort {
				of = append(of, r)
			}
		}
		if len(of) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n\n| what | fault | tries | well | refused | lost | panics | hangs | |\n|---|---|---|---|---|---|---|---|---|\n", sort)
		for _, r := range of {
			fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %d | %d | %d | %s |\n", r.What, r.How, r.Tries, r.Well, r.Refused, r.Lost, r.Panics, r.Hangs, r.Note)
		}
	}
	b.WriteString("\n## Conditions\n\nWhen, on which commit and on which machine each row was made stands in [reliability/](reliability).\n")
	return b.String()
}

// processor is the name of this machine's processor.
func processor() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(info)) {
		if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}
