package nets

import (
	"fmt"
	"strings"

	"convlab/cnnlib"
)

// Network is a network of this package for the classes and the input that it
// was made for.
type Network struct {
	Name  string // as commands know it, "resnet18"
	Net   cnnlib.Sequential
	Input []int // shape of one example
}

// The classes of ImageNet and CIFAR-10, and of a U-Net that tells things from
// what is behind them.
const (
	imageNet = 1000
	cifar    = 10
	twoParts = 2
)

// all lists every network of this package by the name of its function in small
// letters.
func all() []Network {
	image := func(name string, net cnnlib.Sequential) Network { return Network{name, net, []int{224, 224, 3}} }
	small := func(name string, net cnnlib.Sequential) Network { return Network{name, net, CIFARInput()} }
	parts := func(name string, net cnnlib.Sequential) Network { return Network{name, net, []int{256, 256, 3}} }
	return []Network{
		small("lenet", LeNet()), small("lessonnet", LessonNet()),
		image("alexnet", AlexNet(imageNet)),
		image("vgg11", VGG11(imageNet)), image("vgg11bn", VGG11BN(imageNet)), image("vgg16", VGG16(imageNet)), image("vgg16bn", VGG16BN(imageNet)),
		image("resnet18", ResNet18(imageNet)), image("resnet34", ResNet34(imageNet)), image("resnet50", ResNet50(imageNet)),
		small("resnet20", ResNet20(cifar)), small("resnet18cifar", ResNet18CIFAR(cifar)),
		image("squeezenet10", SqueezeNet10(imageNet)), image("squeezenet11", SqueezeNet11(imageNet)),
		image("googlenet", GoogLeNet(imageNet)), image("densenet121", DenseNet121(imageNet)),
		image("mobilenetv1", MobileNetV1(imageNet)), image("mobilenetv2", MobileNetV2(imageNet)), small("mobilenetv2cifar", MobileNetV2CIFAR(cifar)),
		image("mobilenetv3small", MobileNetV3Small(imageNet)),
		image("shufflenetv2", ShuffleNetV2(imageNet)), image("shufflenetv2half", ShuffleNetV2Half(imageNet)), small("shufflenetv2cifar", ShuffleNetV2CIFAR(cifar)),
		image("efficientnetb0", EfficientNetB0(imageNet)),
		parts("unet", UNet(twoParts, 64)), parts("unetbilinear", UNetBilinear(twoParts, 64)),
	}
}

// Names are those that Named knows.
func Names() []string {
	var names []string
	for _, n := range all() {
		names = append(names, n.Name)
	}
	return names
}

// Named is the network whose function has that name, in small or large
// letters: "resnet18" is ResNet18 for the 1000 classes of ImageNet and images
// of 224x224, "resnet20" ResNet20 for CIFAR-10, "unet" UNet for two classes.
func Named(name string) (Network, error) {
	for _, n := range all() {
		if strings.EqualFold(n.Name, name) {
			return n, nil
		}
	}
	return Network{}, fmt.Errorf("nets: there is no network %q; there are %s", name, strings.Join(Names(), ", "))
}
