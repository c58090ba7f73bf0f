package nets

import "convlab/cnnlib"

// CIFARInput is the shape of one CIFAR-10 image: height, width, channels.
func CIFARInput() []int { return []int{32, 32, 3} }

// LeNet is network 3.1 of the lesson for CIFAR-10: 81,302 parameters.
func LeNet() cnnlib.Sequential {
	return cnnlib.Sequential{
		cnnlib.Conv{Out: 6, Kernel: 3}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2},
		cnnlib.Conv{Out: 16, Kernel: 3}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2},
		cnnlib.Flatten{},
		cnnlib.Dense{Out: 120}, cnnlib.ReLU{}, cnnlib.Dense{Out: 84}, cnnlib.ReLU{}, cnnlib.Dense{Out: 10},
	}
}

// LessonNet is network 3.2 of the lesson, the one it trains on CIFAR-10:
// 11,585,546 parameters. It is a different network from 3.1.
func LessonNet() cnnlib.Sequential {
	return cnnlib.Sequential{
		cnnlib.Conv{Out: 32, Kernel: 3}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2}, cnnlib.Dropout{Rate: 0.25},
		cnnlib.Conv{Out: 128, Kernel: 3}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2}, cnnlib.Dropout{Rate: 0.25},
		cnnlib.Flatten{},
		cnnlib.Dense{Out: 2048}, cnnlib.ReLU{}, cnnlib.Dropout{Rate: 0.5},
		cnnlib.Dense{Out: 1024}, cnnlib.ReLU{}, cnnlib.Dropout{Rate: 0.5},
		cnnlib.Dense{Out: 10},
	}
}
