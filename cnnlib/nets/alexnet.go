package nets

import "convlab/cnnlib"

// AlexNet is the network that won ImageNet's contest of 2012, as Krizhevsky
// simplified it in 2014 ("One weird trick for parallelizing convolutional
// neural networks") and torchvision has it: without local response
// normalisation and groups.
//
// x: [batch, height, width, 3], height and width at least 63 → [batch, classes].
func AlexNet(classes int) cnnlib.Sequential {
	relu := cnnlib.ReLU{}
	pool := cnnlib.MaxPool{Size: 3, Stride: 2}
	return cnnlib.Sequential{
		group("features",
			cnnlib.Conv{Out: 64, Kernel: 11, Stride: 4, Padding: 2}, relu, pool,
			cnnlib.Conv{Out: 192, Kernel: 5, Padding: 2}, relu, pool,
			cnnlib.Conv{Out: 384, Kernel: 3, Padding: 1}, relu,
			cnnlib.Conv{Out: 256, Kernel: 3, Padding: 1}, relu,
			cnnlib.Conv{Out: 256, Kernel: 3, Padding: 1}, relu, pool,
		),
		cnnlib.Named("avgpool", cnnlib.AdaptiveAvgPool{Size: 6}),
		cnnlib.Flatten{},
		group("classifier",
			cnnlib.Dropout{Rate: 0.5}, cnnlib.Dense{Out: 4096}, relu,
			cnnlib.Dropout{Rate: 0.5}, cnnlib.Dense{Out: 4096}, relu,
			cnnlib.Dense{Out: classes},
		),
	}
}
