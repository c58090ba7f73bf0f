// Command conv times convolution layers, for bench.py beside it, which starts
// it. It tells its backend, then reads lines "VARIANT SIZE PLAN DIRECTION STEPS"
// and answers each with the seconds that the steps took, by the clock and of
// processor time, and the seconds it took to compile, or with "error: …". SIZE
// is batch,spatial...,channels; PLAN is forward/input/kernel, parts of which may
// be empty; DIRECTION is "both", forward and backward, or "forward".
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"

	"convlab/cnnlib"
	"convlab/internal/convbench"

	"github.com/gomlx/compute"
)

func main() {
	choice, err := cnnlib.OpenBackend()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(choice.Name)
	programs := map[string]*convbench.Program{}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		text, err := answer(choice.Backend, programs, strings.Fields(lines.Text()))
		if err != nil {
			text = "error: " + strings.ReplaceAll(err.Error(), "\n", " ")
		}
		fmt.Println(text)
	}
}

func answer(b compute.Backend, programs map[string]*convbench.Program, words []string) (string, error) {
	if len(words) != 5 || words[3] != "both" && words[3] != "forward" {
		return "", fmt.Errorf("want VARIANT SIZE PLAN both|forward STEPS, got %q", words)
	}
	key := strings.Join(words[:4], " ")
	steps, err := strconv.Atoi(words[4])
	if err != nil || steps < 1 {
		return "", fmt.Errorf("%q is not a number of steps", words[4])
	}
	p := programs[key]
	if p == nil {
		var dims []int
		for _, text := range strings.Split(words[1], ",") {
			d, err := strconv.Atoi(text)
			if err != nil {
				return "", err
			}
			dims = append(dims, d)
		}
		plan, err := cnnlib.ParsePlan(words[2])
		if err != nil {
			return "", err
		}
		l, err := convbench.Layer(words[0], dims[len(dims)-1], plan)
		if err != nil {
			return "", err
		}
		for old, q := range programs { // one at a time: the large ones take gigabytes
			q.Close()
			delete(programs, old)
		}
		if p, err = convbench.New(b, l, dims, words[3] == "both"); err != nil {
			return "", err
		}
		programs[key] = p
	}
	wall, processor, err := p.Run(steps)
	n := float64(steps)
	return fmt.Sprintf("%.6f %.6f %.3f", wall.Seconds()*n, processor.Seconds()*n, p.Compile.Seconds()), err
}
