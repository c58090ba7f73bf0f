"""The networks of this package in PyTorch, with weights from a formula: what
golden.py and exports.py compare with. torchvision has most of them, timm
MobileNetV1. Those that PyTorch's packages lack are written here with the names
that public state dicts have: CIFAR-10's as in
github.com/chenyaofo/pytorch-cifar-models, the U-Net as in
github.com/milesial/Pytorch-UNet.
"""
import dataclasses
import math
import zlib
from typing import Callable

import numpy as np
import timm
import torch
import torchvision.models as tv
from torch import nn
from torchvision.models.mobilenetv2 import MobileNetV2
from torchvision.models.resnet import BasicBlock, ResNet

MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]  # ImageNet's


def scramble(n, salt, start=0):
    """uint32 hashes of the indexes start to start+n−1."""
    i = np.arange(start, start + n, dtype=np.uint64)
    v = (i * 2654435761 + salt * 40503) & 0xFFFFFFFF
    v = ((v ^ (v >> 15)) * 2246822519) & 0xFFFFFFFF
    v = ((v ^ (v >> 13)) * 3266489917) & 0xFFFFFFFF
    return v ^ (v >> 16)


def weight(name, shape):
    """The tensor that a state dict has under this name."""
    salt = zlib.crc32(name.encode())
    n = math.prod(shape)
    low, high = bounds(name, shape)
    values = np.empty(n, np.float32)
    for start in range(0, n, 1 << 20):
        count = min(1 << 20, n - start)
        unit = scramble(count, salt, start).astype(np.float64) / 2**32
        values[start:start + count] = low + (high - low) * unit
    return torch.from_numpy(values.reshape(shape))


def bounds(name, shape):
    """The range of a weight's numbers: kernels and matrices keep the size of
    what goes through them and a ReLU, norms change it a little."""
    if len(shape) > 1:
        b = math.sqrt(6 / math.prod(shape[1:]))
        return -b, b
    if name.endswith("running_var"):
        return 0.5, 1.5
    if name.endswith("weight"):
        return 0.7, 1.1
    return -0.1, 0.1


def fill(model):
    state = model.state_dict()
    for name, tensor in state.items():
        if tensor.dtype == torch.float32:
            state[name] = weight(name, tuple(tensor.shape))
    model.load_state_dict(state)
    return model.eval()


def image(height, width, salt):
    """Bytes [height, width, 3]."""
    return (scramble(height * width * 3, salt) >> 24).astype(np.uint8).reshape(height, width, 3)


def normalised(pixels, mean=MEAN, std=STD):
    x = torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255
    return (x - torch.tensor(mean).view(1, 3, 1, 1)) / torch.tensor(std).view(1, 3, 1, 1)


def resnet20(classes):
    """He et al. 2015, section 4.2, with 1x1 convolutions as shortcuts."""
    net = ResNet(BasicBlock, [3, 3, 3, 1], num_classes=classes)
    net.inplanes = 16
    net.conv1, net.bn1, net.maxpool = nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.Identity()
    net.layer1 = net._make_layer(BasicBlock, 16, 3)
    net.layer2 = net._make_layer(BasicBlock, 32, 3, stride=2)
    net.layer3 = net._make_layer(BasicBlock, 64, 3, stride=2)
    net.layer4, net.fc = nn.Identity(), nn.Linear(64, classes)
    return net


def resnet18_cifar(classes):
    net = tv.resnet18(num_classes=classes)
    net.conv1, net.maxpool = nn.Conv2d(3, 64, 3, padding=1, bias=False), nn.Identity()
    return net


def mobilenet_v2_cifar(classes):
    settings = [[1, 16, 1, 1], [6, 24, 2, 1], [6, 32, 3, 2], [6, 64, 4, 2], [6, 96, 3, 1], [6, 160, 3, 2], [6, 320, 1, 1]]
    net = MobileNetV2(num_classes=classes, inverted_residual_setting=settings)
    net.features[0][0].stride = (1, 1)
    return net


def shufflenet_v2_cifar(classes):
    net = tv.shufflenet_v2_x1_0(num_classes=classes)
    net.conv1[0].stride, net.maxpool = (1, 1), nn.Identity()
    return net


class UNet(nn.Module):
    def __init__(self, classes, width, bilinear):
        super().__init__()

        class Twice(nn.Module):
            def __init__(self, inside, outside, middle=None):
                super().__init__()
                middle = middle or outside
                self.double_conv = nn.Sequential(
                    nn.Conv2d(inside, middle, 3, padding=1, bias=False), nn.BatchNorm2d(middle), nn.ReLU(),
                    nn.Conv2d(middle, outside, 3, padding=1, bias=False), nn.BatchNorm2d(outside), nn.ReLU())

            def forward(self, x):
                return self.double_conv(x)

        class Down(nn.Module):
            def __init__(self, inside, outside):
                super().__init__()
                self.maxpool_conv = nn.Sequential(nn.MaxPool2d(2), Twice(inside, outside))

            def forward(self, x):
                return self.maxpool_conv(x)

        class Up(nn.Module):
            def __init__(self, inside, outside):
                super().__init__()
                if bilinear:
                    self.up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
                    self.conv = Twice(inside, outside, inside // 2)
                else:
                    self.up = nn.ConvTranspose2d(inside, inside // 2, 2, stride=2)
                    self.conv = Twice(inside, outside)

            def forward(self, x, skipped):
                return self.conv(torch.cat([skipped, self.up(x)], 1))

        class Last(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(width, classes, 1)

            def forward(self, x):
                return self.conv(x)

        part = 2 if bilinear else 1
        self.inc = Twice(3, width)
        self.down1, self.down2, self.down3 = Down(width, 2 * width), Down(2 * width, 4 * width), Down(4 * width, 8 * width)
        self.down4 = Down(8 * width, 16 * width // part)
        self.up1, self.up2 = Up(16 * width, 8 * width // part), Up(8 * width, 4 * width // part)
        self.up3, self.up4 = Up(4 * width, 2 * width // part), Up(2 * width, width)
        self.outc = Last()

    def forward(self, x):
        skipped = [self.inc(x)]
        for down in (self.down1, self.down2, self.down3):
            skipped.append(down(skipped[-1]))
        x = self.down4(skipped[-1])
        for up in (self.up1, self.up2, self.up3, self.up4):
            x = up(x, skipped.pop())
        return self.outc(x)


@dataclasses.dataclass
class Network:
    make: Callable[[int], nn.Module]  # of the number of classes
    size: tuple = (64, 96)  # height and width of the image whose logits are compared
    full: tuple = (224, 224)  # of the image that parameters and MACs are counted for
    classes: int = 1000
    weights: object = None  # torchvision's, whose metadata tell parameters and operations
    published: tuple = None  # parameters and MACs as published, where there are none


def of_torchvision(name, **arguments):
    def make(classes):
        return getattr(tv, name)(num_classes=classes, **arguments)

    return Network(make, weights=tv.get_model_weights(name).IMAGENET1K_V1)


def of_cifar(make, *published):
    """published in pytorch-cifar-models' README."""
    return Network(make, size=(32, 48), full=(32, 32), classes=10, published=published)


NETWORKS = {
    "AlexNet": of_torchvision("alexnet"),
    "VGG11": of_torchvision("vgg11"),
    "VGG11BN": of_torchvision("vgg11_bn"),
    "VGG16": of_torchvision("vgg16"),
    "VGG16BN": of_torchvision("vgg16_bn"),
    "ResNet18": of_torchvision("resnet18"),
    "ResNet34": of_torchvision("resnet34"),
    "ResNet50": of_torchvision("resnet50"),
    "ResNet20": of_cifar(resnet20, "0.27e6", "40.81e6"),
    "ResNet18CIFAR": of_cifar(resnet18_cifar),
    "SqueezeNet10": of_torchvision("squeezenet1_0"),
    "SqueezeNet11": of_torchvision("squeezenet1_1"),
    "GoogLeNet": of_torchvision("googlenet", aux_logits=True, init_weights=False),
    "DenseNet121": of_torchvision("densenet121"),
    "MobileNetV1": Network(lambda classes: timm.create_model("mobilenetv1_100", num_classes=classes), published=("4.2e6", "569e6")),
    "MobileNetV2": of_torchvision("mobilenet_v2"),
    "MobileNetV2CIFAR": of_cifar(mobilenet_v2_cifar, "2.24e6", "87.98e6"),
    "MobileNetV3Small": of_torchvision("mobilenet_v3_small"),
    "ShuffleNetV2": of_torchvision("shufflenet_v2_x1_0"),
    "ShuffleNetV2Half": of_torchvision("shufflenet_v2_x0_5"),
    "ShuffleNetV2CIFAR": of_cifar(shufflenet_v2_cifar, "1.26e6", "45.00e6"),
    "EfficientNetB0": of_torchvision("efficientnet_b0"),
    "UNet": Network(lambda classes: UNet(classes, 64, False), size=(32, 48), classes=1),
    "UNetBilinear": Network(lambda classes: UNet(classes, 64, True), size=(32, 48), classes=1),
}
NETWORKS["AlexNet"].size = (80, 96)
