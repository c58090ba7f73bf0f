package lesson

import (
	"context"
	"errors"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/train"
	"convlab/convviz"
)

// ClickThrough shows a trained network as a page that computes: the student
// clicks from layer to layer, number by number, on two test photos of each class
// or on one of their own.
func ClickThrough(m *cnnlib.Model) {
	OK(convviz.ShowPage(convviz.ClickThrough(m, photos(2, cifar.NumClasses))))
}

// Scrub shows a training whose epochs were kept (train.Config.KeepAll) as a page
// to scrub through. m has the weights from before training, and has the last
// ones afterwards; dir is the run's folder.
func Scrub(m *cnnlib.Model, dir string) {
	machine := convviz.TimeMachine{Examples: photos(1, 5)}
	OK(train.Replay(m, dir, func(epoch int) error {
		result, err := train.Evaluate(context.Background(), m, data().Test, 100)
		if err != nil {
			return err
		}
		return machine.Add(m, epoch, result)
	}))
	history, err := train.Load(m, dir, nil)
	page, failed := machine.Page(history)
	OK(convviz.ShowPage(page, errors.Join(err, failed)))
}

// photos are the first n test photos of each of the first classes.
func photos(n, classes int) convviz.Examples {
	e := convviz.Examples{Classes: cifar.Classes[:]}
	for class := range classes {
		for i, found := 0, 0; i < data().Test.Len() && found < n; i++ {
			if pixels, label := data().Test.Example(i); int(label) == class {
				e.Pixels, e.Labels, found = append(e.Pixels, pixels...), append(e.Labels, class), found+1
			}
		}
	}
	return e
}
