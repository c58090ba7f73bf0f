package cnnlib

// The lesson's networks, which the package nets has for everybody else: tests
// inside this package cannot import it.

var CIFARInput = []int{32, 32, 3}

func LeNet() Sequential {
	return Sequential{
		Conv{Out: 6, Kernel: 3}, ReLU{}, MaxPool{Size: 2}, Conv{Out: 16, Kernel: 3}, ReLU{}, MaxPool{Size: 2},
		Flatten{}, Dense{Out: 120}, ReLU{}, Dense{Out: 84}, ReLU{}, Dense{Out: 10},
	}
}

func LessonNet() Sequential {
	return Sequential{
		Conv{Out: 32, Kernel: 3}, ReLU{}, MaxPool{Size: 2}, Dropout{Rate: 0.25},
		Conv{Out: 128, Kernel: 3}, ReLU{}, MaxPool{Size: 2}, Dropout{Rate: 0.25},
		Flatten{}, Dense{Out: 2048}, ReLU{}, Dropout{Rate: 0.5}, Dense{Out: 1024}, ReLU{}, Dropout{Rate: 0.5}, Dense{Out: 10},
	}
}
