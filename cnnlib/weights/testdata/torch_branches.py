"""Exports small networks that branch from PyTorch, with both of its exporters, for run_onnx.py and the Go tests.

    python -m venv /tmp/torch && /tmp/torch/bin/pip install torch==2.15.0 torchvision==0.29.2 onnx==1.23.2 onnxscript==0.7.2
    /tmp/torch/bin/python cnnlib/weights/testdata/torch_branches.py

It writes made/torch_NAME_new.onnx and made/torch_NAME_old.onnx (dynamo=True and the older exporter) beside itself; run_onnx.py then
adds what onnxruntime makes of them to onnx.json.
"""

import pathlib

import onnx
import torch
import torch.nn.functional as F
from torch import nn
from torch_onnx import bare
from torchvision.models import mobilenetv3, resnet, shufflenetv2


def head(channels, out=3):
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, out))


class Residual(nn.Module):
    """torchvision's blocks, one with a shortcut of its own, and its names."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        down = nn.Sequential(resnet.conv1x1(4, 6, 2), nn.BatchNorm2d(6))
        self.layer1 = nn.Sequential(resnet.BasicBlock(4, 4), resnet.BasicBlock(4, 6, 2, down))
        self.layer2 = nn.Sequential(resnet.Bottleneck(6, 2, downsample=nn.Sequential(resnet.conv1x1(6, 8), nn.BatchNorm2d(8))))
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(8, 5)

    def forward(self, x):
        x = self.layer2(self.layer1(F.relu(self.bn1(self.conv1(x)))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


class Inception(nn.Module):
    def __init__(self):
        super().__init__()
        self.branch1 = nn.Conv2d(3, 2, 1)
        self.branch2 = nn.Sequential(nn.Conv2d(3, 2, 1), nn.ReLU(), nn.Conv2d(2, 3, 3, padding=1))
        self.branch3 = nn.Sequential(nn.MaxPool2d(3, 1, 1, ceil_mode=True), nn.Conv2d(3, 2, 1))
        self.pool = nn.MaxPool2d(3, 2, ceil_mode=True)

    def forward(self, x):
        return self.pool(torch.cat([self.branch1(x), self.branch2(x), self.branch3(x)], 1)).mean((2, 3))


class Dense(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3, padding=1)
        self.layers = nn.ModuleList(nn.Sequential(nn.BatchNorm2d(4 + 2 * i), nn.ReLU(), nn.Conv2d(4 + 2 * i, 2, 3, padding=1)) for i in range(3))
        self.norm = nn.BatchNorm2d(10)
        self.head = nn.Sequential(nn.ReLU(), nn.Conv2d(10, 4, 1), nn.AvgPool2d(2), head(4))

    def forward(self, x):
        parts = [self.first(x)]
        for layer in self.layers:
            parts.append(layer(torch.cat(parts, 1)))
        return self.head(self.norm(torch.cat(parts, 1)))


class UNet(nn.Module):
    """Skips over two sizes; what comes back up is made by transposed convolutions or by interpolation."""

    def __init__(self, up):
        super().__init__()
        self.mode = up
        self.down1, self.down2, self.middle = nn.Conv2d(3, 3, 3, padding=1), nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(4, 4, 3, padding=1)
        if up == "transposed":
            self.up2, self.up1 = nn.ConvTranspose2d(4, 4, 2, 2), nn.ConvTranspose2d(4, 4, 2, 2)
        self.join2, self.join1 = nn.Conv2d(8, 4, 3, padding=1), nn.Conv2d(7, 2, 3, padding=1)

    def up(self, x, like, layer):
        if self.mode == "transposed":
            return getattr(self, layer)(x)
        return F.interpolate(x, size=like.shape[2:], mode=self.mode, align_corners=None if self.mode == "nearest" else layer == "up1")

    def forward(self, x):
        a = F.relu(self.down1(x))
        b = F.relu(self.down2(F.max_pool2d(a, 2)))
        c = F.relu(self.middle(F.max_pool2d(b, 2)))
        y = F.relu(self.join2(torch.cat([b, self.up(c, b, "up2")], 1)))
        return self.join1(torch.cat([a, self.up(y, a, "up1")], 1))


class Squeeze(nn.Module):
    """Squeeze-and-excitation by dense layers, whose result is viewed as an image."""

    def __init__(self):
        super().__init__()
        self.conv, self.fc1, self.fc2 = nn.Conv2d(3, 6, 3), nn.Linear(6, 3), nn.Linear(3, 6)

    def forward(self, x):
        x = F.relu6(self.conv(x))
        y = F.hardsigmoid(self.fc2(F.relu(self.fc1(x.mean((2, 3)))))).view(x.size(0), -1, 1, 1)
        return (x * y).mean(3).mean(2)


class Norms(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3)
        self.chain = nn.Sequential(nn.GroupNorm(3, 6), nn.PReLU(6), nn.LocalResponseNorm(3, 0.3, 0.6, 1.5), nn.InstanceNorm2d(6, affine=True), nn.LocalResponseNorm(4))
        self.last = nn.LayerNorm(6)

    def forward(self, x):
        x = self.chain(self.conv(x))
        return self.last(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Padded(nn.Module):
    """Padding as layers, constants in between, the last activation."""

    def __init__(self):
        super().__init__()
        self.pads = nn.Sequential(nn.ReflectionPad2d((1, 2, 0, 1)), nn.ReplicationPad2d(1), nn.ZeroPad2d((2, 0, 1, 0)), nn.Conv2d(3, 4, 3, padding=1, padding_mode="reflect"))
        self.head = nn.Sequential(nn.Hardswish(), head(4), nn.LogSoftmax(-1))
        self.register_buffer("mean", torch.tensor([0.4, 0.5, 0.6]).view(1, 3, 1, 1))

    def forward(self, x):
        return self.head(self.pads((x - self.mean) / 0.25))


def networks():
    inverted = mobilenetv3.InvertedResidualConfig(8, 3, 8, 8, True, "HS", 1, 1, 1.0)
    return {
        "residual": Residual(), "inception": Inception(), "dense": Dense(), "unet": UNet("transposed"), "unet_nearest": UNet("nearest"), "unet_bilinear": UNet("bilinear"),
        "squeeze": Squeeze(), "norms": Norms(), "padded": Padded(),
        "shuffle": nn.Sequential(nn.Conv2d(3, 8, 1), shufflenetv2.InvertedResidual(8, 8, 1), shufflenetv2.InvertedResidual(8, 12, 2), head(12)),
        "mobile": nn.Sequential(nn.Conv2d(3, 8, 1), mobilenetv3.InvertedResidual(inverted, nn.BatchNorm2d), head(8)),
    }


def main():
    folder = pathlib.Path(__file__).parent / "made"
    for name, net in networks().items():
        torch.manual_seed(1)
        net.eval()
        for p in net.parameters():
            p.data.uniform_(-0.5, 0.5)
        for b, buffer in net.named_buffers():
            if b.endswith(("running_mean", "running_var")):
                buffer.copy_(torch.rand_like(buffer) + 0.5)
        x, file = (torch.rand(2, 3, 8, 8),), str(folder / f"torch_{name}")
        torch.onnx.export(net, x, file + "_new.onnx", input_names=["x"], external_data=False, dynamic_shapes=({0: torch.export.Dim("batch")},))
        torch.onnx.export(net, x, file + "_old.onnx", input_names=["x"], dynamo=False, dynamic_axes={"x": {0: "batch"}})
        bare(file + "_new.onnx")
        bare(file + "_old.onnx")
    # Cells that overlap: the older exporter cannot write that.
    torch.manual_seed(1)
    net = nn.Sequential(nn.Conv2d(3, 2, 3), nn.AdaptiveAvgPool2d((4, 5)), nn.Flatten(), nn.Linear(40, 3)).eval()
    torch.onnx.export(net, (torch.rand(2, 3, 8, 8),), folder / "torch_cells.onnx", input_names=["x"], external_data=False, dynamic_shapes=({0: torch.export.Dim("batch")},))
    bare(folder / "torch_cells.onnx")
    # Height and width open too: they are given when the file is read.
    torch.manual_seed(1)
    net = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.Upsample(scale_factor=2), shufflenetv2.InvertedResidual(4, 4, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3)).eval()
    torch.onnx.export(net, x, folder / "torch_open.onnx", input_names=["x"], dynamo=False, dynamic_axes={"x": {0: "batch", 2: "height", 3: "width"}})
    bare(folder / "torch_open.onnx")


main()
