package train

import "fmt"

// Schedule changes the learning rate from step to step. During the first part
// of training, the share Peak of all steps, the rate rises in a straight line
// from Start·Config.LearningRate to Config.LearningRate; during the rest it
// falls in a straight line to End·Config.LearningRate. The zero value keeps
// the rate constant.
type Schedule struct {
	Start, Peak, End float64
}

func (s Schedule) check() error {
	if s != (Schedule{}) && !(s.Start > 0 && s.End >= 0 && s.Peak >= 0 && s.Peak < 1) {
		return fmt.Errorf("train: a schedule starts above 0, has its peak from 0 up to 1 and ends at 0 or above, got %+v", s)
	}
	return nil
}

// factor of the learning rate in the step after done of all steps.
func (s Schedule) factor(done, steps int) float64 {
	if s == (Schedule{}) {
		return 1
	}
	line := func(from, to float64, i, n int) float64 { return from + (to-from)*float64(i)/float64(n) }
	rise := int(float64(steps) * s.Peak)
	if done < rise {
		return line(s.Start, 1, done, rise)
	}
	return line(1, s.End, done-rise, steps-rise)
}
