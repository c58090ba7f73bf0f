package nets

import "convlab/cnnlib"

// VGG11 is configuration A of Simonyan and Zisserman 2014: blocks of 3x3
// convolutions, each block half as large and twice as wide as the one before.
//
// x: [batch, height, width, 3], height and width at least 32 → [batch, classes].
func VGG11(classes int) cnnlib.Sequential { return vgg([5]int{1, 1, 2, 2, 2}, false, classes) }

// VGG11BN is VGG11 with a BatchNorm after every convolution.
func VGG11BN(classes int) cnnlib.Sequential { return vgg([5]int{1, 1, 2, 2, 2}, true, classes) }

// VGG16 is configuration D of Simonyan and Zisserman 2014.
//
// x: [batch, height, width, 3], height and width at least 32 → [batch, classes].
func VGG16(classes int) cnnlib.Sequential { return vgg([5]int{2, 2, 3, 3, 3}, false, classes) }

// VGG16BN is VGG16 with a BatchNorm after every convolution.
func VGG16BN(classes int) cnnlib.Sequential { return vgg([5]int{2, 2, 3, 3, 3}, true, classes) }

// vgg has so many convolutions in each of its five blocks.
func vgg(blocks [5]int, normalised bool, classes int) cnnlib.Sequential {
	var features cnnlib.Sequential
	for i, count := range blocks {
		for range count {
			features = append(features, cnnlib.Conv{Out: min(64<<i, 512), Kernel: 3, Padding: 1})
			if normalised {
				features = append(features, cnnlib.BatchNorm{})
			}
			features = append(features, cnnlib.ReLU{})
		}
		features = append(features, cnnlib.MaxPool{Size: 2})
	}
	return cnnlib.Sequential{
		cnnlib.Named("features", features),
		cnnlib.Named("avgpool", cnnlib.AdaptiveAvgPool{Size: 7}),
		cnnlib.Flatten{},
		group("classifier",
			cnnlib.Dense{Out: 4096}, cnnlib.ReLU{}, cnnlib.Dropout{Rate: 0.5},
			cnnlib.Dense{Out: 4096}, cnnlib.ReLU{}, cnnlib.Dropout{Rate: 0.5},
			cnnlib.Dense{Out: classes},
		),
	}
}
