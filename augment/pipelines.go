package augment

import "convlab/internal/cifarmean"

// ImageNet's statistics of each channel (red, green, blue), which the lesson
// uses, and CIFAR-10's, of its 50,000 training images.
var (
	ImageNet = Normalize{Mean: [3]float64{0.485, 0.456, 0.406}, Std: [3]float64{0.229, 0.224, 0.225}}
	CIFAR10  = Normalize{Mean: [3]float64{cifarmean.Red, cifarmean.Green, cifarmean.Blue}, Std: [3]float64{cifarmean.RedStd, cifarmean.GreenStd, cifarmean.BlueStd}}
)

// LessonTrain is the training pipeline of lesson 3.7, made for photos: of an
// image of 32 pixels it makes a speck on black (see CenterCrop).
func LessonTrain() Compose {
	return Compose{
		RandomRotation{Degrees: Span{45}},
		CenterCrop{Size: 224},
		RandomHorizontalFlip{P: 0.5},
		RandomVerticalFlip{P: 0.5},
		ColorJitter{Brightness: Span{0.2}, Contrast: Span{0.1}, Saturation: Span{0.1}, Hue: Span{0.1}},
		RandomGrayscale{P: 0.025},
		ToTensor{},
		ImageNet,
	}
}

// LessonValid is the pipeline of lesson 3.7 for validation; nothing in it is
// random.
func LessonValid() Compose {
	return Compose{Resize{Size: 256}, CenterCrop{Size: 224}, ToTensor{}, ImageNet}
}

// Train32 is the training pipeline for CIFAR-10 that keeps all of the picture:
// a shift by up to 4 pixels and a mirror image half the time.
func Train32() Compose {
	return Compose{RandomCrop{Size: 32, Padding: Border{4}}, RandomHorizontalFlip{}, ToTensor{}, CIFAR10}
}

// Valid32 is the pipeline for validation on CIFAR-10, and for a photo that a
// network for 32 pixels is to see: the middle square, made small.
func Valid32() Compose {
	return Compose{Resize{Size: 32}, CenterCrop{Size: 32}, ToTensor{}, CIFAR10}
}
