//go:build unix

package main

import (
	"fmt"
	"slices"
	"strings"

	"convlab/internal/median"
)

// short lets convlab and plain GoMLX take turns and prints how many times as
// fast convlab is, for a look at every change; bench.py measures well.
func (b *bench) short() error {
	const turns = 5
	for _, task := range []struct{ name, words string }{
		{"training, batch 256", "train 2"},
		{"inference, batch 100", "infer 100 10"},
		{"inference, batch 1", "infer 1 200"},
	} {
		var clock, busy []float64
		for turn := range turns + 1 {
			var seconds, used [2]float64
			for i, who := range []string{"convlab ", "plain "} {
				text, err := b.answer(strings.Fields(who + task.words))
				if err != nil {
					return err
				}
				if _, err := fmt.Sscan(text, &seconds[i], &used[i]); err != nil {
					return err
				}
			}
			if turn > 0 { // the first compiles
				clock, busy = append(clock, seconds[1]/seconds[0]), append(busy, used[1]/used[0])
			}
		}
		slices.Sort(clock)
		fmt.Printf("network 3.2, %s on %s: convlab is %.2f times as fast as plain GoMLX (%.2f to %.2f in %d turns; %.2f in processor time)\n",
			task.name, b.backend.Name(), median.Of(clock), clock[0], clock[turns-1], turns, median.Of(busy))
	}
	return nil
}
