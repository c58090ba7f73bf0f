package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// wide is how many cases at most have a row for each program; more have one
// row each.
const wide = 12

const head = "# Benchmarks\n\n" +
	"Written by `make bench` from the turns in [benchmarks](benchmarks), which are kept; not edited by hand. In each bench the programs take turns\n" +
	"in one run, on the same data. n is the number of turns that count; ± is half the distance between the quartiles. **Ratio** is the other\n" +
	"program's time over ours, the median over the rounds: above 1 we are faster. **In processor time** is the same ratio of the time that all\n" +
	"threads used, which other work on the machine disturbs less. [How it works](../tests/bench/README.md).\n"

// document is docs/benchmarks.md.
func document(all []*result) string {
	slices.SortFunc(all, func(a, b *result) int {
		if d := place(a.Name) - place(b.Name); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	var b strings.Builder
	b.WriteString(head)
	for _, r := range all {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n", r.Title, r.conditions())
		if len(r.Cases) > wide {
			r.byCase(&b)
		} else {
			r.byProgram(&b)
		}
		for _, note := range r.Notes {
			fmt.Fprintf(&b, "\n%s\n", note)
		}
	}
	return b.String()
}

func place(name string) int {
	if i := slices.Index(order, name); i >= 0 {
		return i
	}
	return len(order)
}

func (r *result) conditions() string {
	m := r.Machine
	var versions []string
	for name, v := range r.Versions {
		versions = append(versions, name+" "+v)
	}
	slices.Sort(versions)
	text := fmt.Sprintf("%s, commit %s; %s, %d cores, %s of memory, %s; %s. ", r.Date, r.Commit, m.Processor, m.Cores, m.Memory, m.System, strings.Join(versions, ", "))
	text += fmt.Sprintf("The machine's load was %.1f before and %.1f after; during the turns other work kept %.2f of its %d cores busy.", r.Load[0], r.Load[1], r.Others, m.Cores)
	if r.crowded() {
		text += " **The machine was shared: trust the ratios in processor time.**"
	}
	return text
}

// crowded tells whether other work took more than a tenth of the machine.
func (r *result) crowded() bool { return r.Others > 0.1*float64(r.Machine.Cores) }

func (r *result) byProgram(b *strings.Builder) {
	clock, busy := r.roofs()
	columns := []string{"", "program", "n", "median", "spread", "ratio", "in processor time"}
	if clock.flops > 0 {
		columns = append(columns, "of the roof", "in processor time")
	}
	row(b, columns)
	row(b, slices.Repeat([]string{"---"}, len(columns)))
	for _, c := range r.Cases {
		for i, name := range c.programs {
			median, spread := c.value(name)
			cells := []string{"", name, fmt.Sprint(len(c.Seconds[name])), number(median) + " " + c.Unit, fmt.Sprintf("± %.0f %%", 100*spread), "", ""}
			if i == 0 {
				cells[0] = c.Case
			}
			if name != r.Ours {
				cells[5] = fmt.Sprintf("%.2f", ratio(c.Seconds[r.Ours], c.Seconds[name]))
				cells[6] = fmt.Sprintf("%.2f", ratio(c.Busy[r.Ours], c.Busy[name]))
			}
			if clock.flops > 0 {
				cells = append(cells, clock.share(c, c.Seconds[name]), busy.share(c, c.Busy[name]))
			}
			row(b, cells)
		}
	}
	b.WriteString(r.roofText())
}

// roofText tells how high the roof is, if there is one.
func (r *result) roofText() string {
	clock, busy := r.roofs()
	if clock.flops == 0 {
		return ""
	}
	text := fmt.Sprintf("\nThe roof is the fastest program's %s: %s GFLOP/s, %s GFLOP a second of processor time", r.Roof, number(clock.flops/1e9), number(busy.flops/1e9))
	if clock.bytes > 0 {
		text += fmt.Sprintf("; for memory its %s: %s GB/s", r.Memory, number(clock.bytes/1e9))
	}
	return text + ".\n"
}

// byCase has the ratios to the fastest of the others.
func (r *result) byCase(b *strings.Builder) {
	var names []string
	for _, name := range r.Cases[0].programs {
		if name != r.Ours {
			names = append(names, name)
		}
	}
	clock, _ := r.roofs()
	columns := []string{"", "n", r.Ours}
	if clock.flops > 0 {
		columns = append(columns, "of the roof")
	}
	for _, name := range names {
		columns = append(columns, name, "ratio", "in processor time")
	}
	row(b, columns)
	row(b, slices.Repeat([]string{"---"}, len(columns)))
	for _, c := range r.Cases {
		cell := func(name string) string {
			median, spread := c.value(name)
			return fmt.Sprintf("%s %s ± %.0f %%", number(median), c.Unit, 100*spread)
		}
		cells := []string{c.Case, fmt.Sprint(len(c.Seconds[r.Ours])), cell(r.Ours)}
		if clock.flops > 0 {
			cells = append(cells, clock.share(c, c.Seconds[r.Ours]))
		}
		for _, name := range names {
			if c.Seconds[name] == nil {
				cells = append(cells, "", "", "")
				continue
			}
			cells = append(cells, cell(name), fmt.Sprintf("%.2f", ratio(c.Seconds[r.Ours], c.Seconds[name])), fmt.Sprintf("%.2f", ratio(c.Busy[r.Ours], c.Busy[name])))
		}
		row(b, cells)
	}
	b.WriteString(r.roofText())
}

func row(b *strings.Builder, cells []string) {
	fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
}

// number has three digits or more, and commas between thousands.
func number(x float64) string {
	digits := max(0, 2-int(math.Floor(math.Log10(x))))
	text := fmt.Sprintf("%.*f", digits, x)
	whole, rest, _ := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		return whole + "." + rest
	}
	return whole
}

// figures is the README's lines: network 3.2 beside its peers.
func figures(all []*result) string {
	var b strings.Builder
	for _, r := range all {
		if r.Name != "network" {
			continue
		}
		fmt.Fprintf(&b, "Network 3.2 on %d cores (%s), how many times as fast as each, in turns on the same batches", r.Machine.Cores, r.Machine.Processor)
		if r.crowded() {
			b.WriteString(", in processor time because the machine was shared")
		}
		b.WriteString(":\n\n")
		for _, c := range r.Cases {
			if c.Case == r.Roof {
				continue
			}
			var parts []string
			times := c.Seconds
			if r.crowded() {
				times = c.Busy
			} else {
				median, _ := c.value(r.Ours)
				parts = append(parts, fmt.Sprintf("%s %s", number(median), c.Unit))
			}
			for _, name := range c.programs {
				if name == r.Ours {
					continue
				}
				parts = append(parts, fmt.Sprintf("%.2f × %s", ratio(times[r.Ours], times[name]), name))
			}
			fmt.Fprintf(&b, "- %s: %s\n", c.Case, strings.Join(parts, ", "))
		}
		b.WriteString("\nMore in [docs/benchmarks.md](docs/benchmarks.md); `make bench` measures on your machine.\n")
	}
	return b.String()
}
