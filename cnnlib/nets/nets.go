// Package nets has the lesson's networks and well-known ones as values of
// cnnlib, layer by layer what torchvision has, so that the same weights give
// the same logits:
//
//	mean, std := nets.ImageNetNormalization()
//	m, err := cnnlib.New(backend, nets.ResNet18(1000), []int{224, 224, 3}, cnnlib.Options{Mean: mean, Std: std})
//	report, err := weights.Import(m, "resnet18.pth") // torchvision's state dict, by name
//
// A function takes the number of classes and gives the layers up to the
// logits, with no softmax after them. The size of the image is chosen when the
// network is checked or a Model is made; where a network needs more than a few
// pixels, its comment says so. Networks whose names end in CIFAR, and ResNet20,
// are made for images of 32x32.
//
// The first weights are cnnlib's, uniform in ±1/√fan_in, not those that each
// paper draws. The names of weights are torchvision's, also where it has the
// network in another size only; ResNet20, MobileNetV1 and the U-Nets tell whose
// names they have. docs/networks.md lists all of them with their parameters,
// multiplications and how far their logits are from PyTorch's.
package nets

// ImageNetNormalization is the mean and the standard deviation of ImageNet's
// pixels, scaled to 0..1, per channel: what torchvision's weights are trained
// with, but for GoogLeNet's.
func ImageNetNormalization() (mean, std []float32) {
	return []float32{0.485, 0.456, 0.406}, []float32{0.229, 0.224, 0.225}
}
