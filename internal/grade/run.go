package grade

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync/atomic"
	"time"
)

// Limits are what a student's program may take for one exercise.
type Limits struct {
	// Time is that of processors, so that a busy machine does no harm to a student. By
	// the clock there is six times as much.
	Time   time.Duration
	Memory int64 // bytes
	// Trust runs programs where the system cannot isolate them: with the limits of
	// time and output alone.
	Trust bool
}

// outputMost is how many bytes a student's program may print.
const outputMost = 1 << 20

// testTime is how long the tests may take beside the student's program. It is no
// student's fault when it is not enough.
const testTime = 10 * time.Minute

// patience is how long a program may take by the clock, as a multiple of its time.
const patience = 6

// ErrNoIsolation is wrapped by the error where this system cannot isolate a
// student's program.
var ErrNoIsolation = errors.New("this system does not let convlab isolate the programs of students")

// student is a running program of a student.
type student struct {
	cmd           *exec.Cmd
	output        *kept
	late, flooded atomic.Bool
	ended         bool // by ask, when the tests were over
}

// start starts a student's program; cancel ends it. Its ends of the pipes are
// closed here.
func start(ctx context.Context, program string, l Limits, calls, results *os.File) (*student, func(), error) {
	defer calls.Close()
	defer results.Close()
	f, err := os.Open(program)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	ctx, cancel := context.WithTimeout(ctx, patience*l.Time)
	var cmd *exec.Cmd
	if l.Trust {
		cmd = exec.CommandContext(ctx, program)
		together(cmd)
	} else if cmd = isolated(ctx, f, l); cmd == nil {
		cancel()
		return nil, nil, ErrNoIsolation
	}
	s := &student{cmd: cmd, output: &kept{most: 16 << 10, limit: outputMost}}
	s.output.over = func() { s.flooded.Store(true); cancel() }
	end := cmd.Cancel
	cmd.Cancel = func() error {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			s.late.Store(true)
		}
		return end()
	}
	cmd.Env = []string{"GOMLX_BACKEND=go"}
	cmd.Stdout, cmd.Stderr = s.output, s.output
	cmd.ExtraFiles = []*os.File{calls, results, f}
	cmd.WaitDelay = 2 * time.Second
	if err := cmd.Start(); err != nil {
		cancel()
		return nil, nil, fmt.Errorf("%w (%w)", ErrNoIsolation, err)
	}
	return s, cancel, nil
}

// outcome is what became of an answer.
type outcome struct {
	result   Result
	feedback string
}

// ask runs a student's program beside the teacher's tests of an exercise. What
// counts is how the tests end, which are a process without the student's code.
func ask(ctx context.Context, b *book, e *exercise, program string, l Limits, lang string) (outcome, error) {
	callsRead, callsWrite, err := os.Pipe()
	if err != nil {
		return outcome{}, err
	}
	resultsRead, resultsWrite, err := os.Pipe()
	if err != nil {
		return outcome{}, err
	}
	s, cancel, err := start(ctx, program, l, callsRead, resultsWrite)
	if err != nil {
		callsWrite.Close()
		resultsRead.Close()
		return outcome{}, err
	}
	defer cancel()
	testing, stop := context.WithTimeout(ctx, patience*l.Time+testTime)
	defer stop()
	cmd := exec.CommandContext(testing, b.program, "-test.v", "-test.run=^("+strings.Join(e.tests, "|")+")$")
	cmd.Env = append(os.Environ(), "CONVLAB_LANG="+lang)
	cmd.ExtraFiles = []*os.File{callsWrite, resultsRead}
	together(cmd)
	said := &kept{most: 256 << 10}
	cmd.Stdout, cmd.Stderr = said, said
	cmd.WaitDelay = 2 * time.Second
	err = cmd.Start()
	callsWrite.Close()
	resultsRead.Close()
	if err != nil {
		return outcome{}, fmt.Errorf("the tests of %s: %w", b.path, err)
	}
	tested := make(chan error, 1)
	ended := make(chan error, 1)
	go func() { tested <- cmd.Wait() }()
	go func() { ended <- s.cmd.Wait() }()
	testErr := <-tested
	var studentErr error
	select { // without calls it has nothing to wait for
	case studentErr = <-ended:
	case <-time.After(2 * time.Second):
		s.ended = true
		cancel()
		studentErr = <-ended
	}
	switch {
	case ctx.Err() != nil:
		return outcome{}, ctx.Err()
	case testing.Err() != nil && testErr != nil:
		return outcome{}, fmt.Errorf("the tests of %s were not over in %s: this machine is too busy to grade", b.path, testTime)
	}
	if code := s.cmd.ProcessState.ExitCode(); code == 125 && strings.HasPrefix(s.output.String(), "convlab-isolated: ") {
		return outcome{}, fmt.Errorf("%w (%s)", ErrNoIsolation, strings.TrimSpace(s.output.String()))
	}
	if testErr == nil {
		if skipped.MatchString(said.String()) {
			return outcome{Empty, say(lang, "Not written yet.", "还没有写。")}, nil
		}
		return outcome{Right, ""}, nil
	}
	return outcome{Wrong, s.feedback(lang, l, said.String(), studentErr)}, nil
}

var (
	skipped = regexp.MustCompile(`(?m)^--- SKIP: `)
	message = regexp.MustCompile(`(?m)^ {4}\w+_test\.go:\d+: (.*(?:\n {8}.*)*)`)
	gone    = regexp.MustCompile(`the program ended: `)
	panics  = regexp.MustCompile(`(?m)^(?:panic|fatal error): (.*?)(?: \[recovered.*)?$`)
)

// feedback says in the student's language why an answer is not right.
func (s *student) feedback(lang string, l Limits, tests string, err error) string {
	output := s.output.String()
	died := panics.FindStringSubmatch(output)
	switch {
	case s.flooded.Load():
		return say(lang, "It prints more than 1 MB.", "输出超过了 1 MB。")
	case s.late.Load() || !s.ended && killed(s.cmd.ProcessState):
		return say(lang, fmt.Sprintf("It had not ended after %g seconds: is there a loop without an end?", l.Time.Seconds()),
			fmt.Sprintf("运行 %g 秒后仍未结束：是否有死循环？", l.Time.Seconds()))
	case died != nil && strings.Contains(died[1], "out of memory"), strings.Contains(output, "cannot allocate memory"):
		return say(lang, fmt.Sprintf("It takes more than %d MB of memory.", l.Memory>>20), fmt.Sprintf("占用的内存超过了 %d MB。", l.Memory>>20))
	case died != nil && err != nil:
		return say(lang, "The program stops with: ", "程序中止：") + died[1]
	case gone.MatchString(tests):
		return say(lang, "The program ends before it gives a result.", "程序在给出结果之前就结束了。")
	}
	var parts []string
	for _, m := range message.FindAllStringSubmatch(tests, -1) {
		parts = append(parts, strings.ReplaceAll(m[1], "\n        ", "\n"))
	}
	if m := panics.FindStringSubmatch(tests); len(parts) == 0 && m != nil {
		return say(lang, "It stops with: ", "程序中止：") + m[1]
	}
	return strings.Join(parts, "\n")
}

// say is a text in the student's language.
func say(lang, english, chinese string) string {
	if lang == "zh" {
		return chinese
	}
	return english
}
