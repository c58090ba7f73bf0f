package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
)

// result is one bench's file.
type result struct {
	Name     string            `json:"name"`
	Title    string            `json:"title"`
	Ours     string            `json:"ours"`
	Date     string            `json:"date"`
	Commit   string            `json:"commit"`
	Machine  machine           `json:"machine"`
	Load     []float64         `json:"load"`
	Cases    []*benchCase      `json:"cases"`
	Versions map[string]string `json:"versions"`
	Notes    []string          `json:"notes"`
	Roof     string            `json:"roof"`
	Memory   string            `json:"memory"`
	Seconds  float64           `json:"seconds"`
	Others   float64           `json:"others"`
}

type machine struct {
	Processor string `json:"processor"`
	Cores     int    `json:"cores"`
	System    string `json:"system"`
	Memory    string `json:"memory"`
}

// benchCase has the time of a step by the clock and of all threads, turn by
// turn, for each program.
type benchCase struct {
	Case    string               `json:"case"`
	Unit    string               `json:"unit"`
	Work    float64              `json:"work"`
	FLOPs   float64              `json:"flops"`
	Bytes   float64              `json:"bytes"`
	Seconds map[string][]float64 `json:"seconds"`
	Busy    map[string][]float64 `json:"busy"`

	programs []string // in the file's order
}

func readResult(path string) (*result, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r := &result{}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(r); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

func (r *result) check() error {
	if r.Name == "" || r.Title == "" || len(r.Cases) == 0 || len(r.Load) != 2 {
		return fmt.Errorf("lacks a name, a title, cases or the load before and after")
	}
	for _, c := range r.Cases {
		n := len(c.Seconds[r.Ours])
		if n == 0 {
			return fmt.Errorf("case %q has no turn of %q", c.Case, r.Ours)
		}
		for name, seconds := range c.Seconds {
			if len(seconds) != n || len(c.Busy[name]) != n {
				return fmt.Errorf("case %q: %s has %d times and %d processor times, %s has %d", c.Case, name, len(seconds), len(c.Busy[name]), r.Ours, n)
			}
			for i := range seconds {
				if !(seconds[i] > 0) || !(c.Busy[name][i] >= 0) {
					return fmt.Errorf("case %q: %s, turn %d: %g s of which %g s busy", c.Case, name, i, seconds[i], c.Busy[name][i])
				}
			}
		}
	}
	clock, busy := r.roofs()
	if r.Roof != "" && (clock.flops == 0 || math.IsInf(busy.flops, 0)) {
		return fmt.Errorf("the roof, case %q, is not there or has no flops", r.Roof)
	}
	if r.Memory != "" && (clock.bytes == 0 || math.IsInf(busy.bytes, 0)) {
		return fmt.Errorf("the roof of memory, case %q, is not there or has no bytes", r.Memory)
	}
	return nil
}

// UnmarshalJSON also keeps the order of the programs.
func (c *benchCase) UnmarshalJSON(raw []byte) error {
	type fields benchCase
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode((*fields)(c)); err != nil {
		return err
	}
	for name := range c.Seconds {
		c.programs = append(c.programs, name)
	}
	at := func(name string) int {
		quoted, _ := json.Marshal(name)
		return bytes.Index(raw, append(quoted, ':'))
	}
	slices.SortFunc(c.programs, func(a, b string) int { return at(a) - at(b) })
	return nil
}

// quartiles are the lower quartile, the median and the upper quartile, between
// neighbours in proportion.
func quartiles(values []float64) (low, middle, high float64) {
	v := slices.Sorted(slices.Values(values))
	at := func(q float64) float64 {
		place := q * float64(len(v)-1)
		i := int(place)
		if i+1 == len(v) {
			return v[i]
		}
		return v[i] + (place-float64(i))*(v[i+1]-v[i])
	}
	return at(0.25), at(0.5), at(0.75)
}

// value is the median of name's turns in the case's unit, and the spread: half
// the distance between the quartiles, of the median.
func (c *benchCase) value(name string) (median, spread float64) {
	rates := make([]float64, len(c.Seconds[name]))
	for i, s := range c.Seconds[name] {
		rates[i] = c.Work / s
		if c.Unit == "ms" {
			rates[i] = 1e3 * s
		}
	}
	low, median, high := quartiles(rates)
	return median, (high - low) / 2 / median
}

// ratio is the median over the rounds of the other's time over ours.
func ratio(ours, other []float64) float64 {
	rounds := make([]float64, 0, len(ours))
	for i := range ours {
		if ours[i] > 0 {
			rounds = append(rounds, other[i]/ours[i])
		}
	}
	if len(rounds) == 0 {
		return 0
	}
	_, median, _ := quartiles(rounds)
	return median
}

// A roof is how fast the machine is at most: operations a second, of the
// fastest program in the case of the roof, and bytes a second, of that in the
// case of memory. 0: not measured.
type roof struct{ flops, bytes float64 }

// roofs are those by the clock and by processor time.
func (r *result) roofs() (clock, busy roof) {
	for _, c := range r.Cases {
		for name := range c.Seconds {
			_, s, _ := quartiles(c.Seconds[name])
			_, u, _ := quartiles(c.Busy[name])
			if c.Case == r.Roof {
				clock.flops, busy.flops = max(clock.flops, c.FLOPs/s), max(busy.flops, c.FLOPs/u)
			}
			if c.Case == r.Memory {
				clock.bytes, busy.bytes = max(clock.bytes, c.Bytes/s), max(busy.bytes, c.Bytes/u)
			}
		}
	}
	return clock, busy
}

// share is how much of the roof a step of the case reaches: the least time that
// its operations or its bytes take there, of these times' median.
func (f roof) share(c *benchCase, times []float64) string {
	_, median, _ := quartiles(times)
	least := 0.0
	if f.flops > 0 {
		least = c.FLOPs / f.flops
	}
	if f.bytes > 0 {
		least = max(least, c.Bytes/f.bytes)
	}
	if least == 0 || median == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", 100*least/median)
}
