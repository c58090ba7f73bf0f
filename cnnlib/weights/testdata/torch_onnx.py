"""Exports a small network from PyTorch, with both of its exporters, for run_onnx.py and the Go tests.

    python -m venv /tmp/torch && /tmp/torch/bin/pip install torch==2.15.0 onnx==1.23.2 onnxscript==0.7.2
    /tmp/torch/bin/python cnnlib/weights/testdata/torch_onnx.py

It writes made/torch_*.onnx beside itself; run_onnx.py then adds what onnxruntime makes of them to onnx.json.
"""

import pathlib

import onnx
import torch
from torch import nn


class Net(nn.Module):
    """The lesson's layers and some more, flattened with view as in the lesson."""

    def __init__(self):
        super().__init__()
        self.layer1 = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25))
        self.layer2 = nn.Sequential(nn.Conv2d(4, 8, 3, padding=1, groups=2, bias=False), nn.BatchNorm2d(8), nn.SiLU(), nn.AvgPool2d(2, ceil_mode=True))
        self.up = nn.ConvTranspose2d(8, 4, 3, stride=2, padding=1, output_padding=1)
        self.act = nn.Sequential(nn.LeakyReLU(0.2), nn.ELU(), nn.GELU(), nn.Tanh(), nn.Sigmoid())
        self.fc = nn.Sequential(nn.Linear(4 * 8 * 8, 10), nn.ReLU(), nn.Dropout(0.5), nn.Linear(10, 5))

    def forward(self, x):
        x = self.act(self.up(self.layer2(self.layer1(x))))
        return self.fc(x.view(x.size(0), -1))


def bare(file):
    """Takes the exporter's notes on where in a source each node comes from out of a file."""

    def graph(g):
        for part in [g, *g.node, *g.input, *g.output, *g.initializer]:
            part.ClearField("doc_string")
            part.ClearField("metadata_props")
        del g.value_info[:]
        for a in [a for n in g.node for a in n.attribute if a.HasField("g")]:
            graph(a.g)

    model = onnx.load(file)
    model.ClearField("metadata_props")
    graph(model.graph)
    onnx.save(model, file)


def main():
    folder = pathlib.Path(__file__).parent / "made"
    torch.manual_seed(1)
    net = Net().eval()
    for name, buffer in net.named_buffers():
        if name.endswith(("mean", "var")):
            buffer.copy_(torch.rand_like(buffer) + 0.5)
    x = (torch.rand(2, 3, 16, 16),)
    torch.onnx.export(net, x, folder / "torch_new.onnx", input_names=["x"], external_data=False, dynamic_shapes=({0: torch.export.Dim("batch")},))
    torch.onnx.export(net, x, folder / "torch_fixed.onnx", input_names=["x"], external_data=False)
    torch.onnx.export(net, x, folder / "torch_old.onnx", input_names=["x"], dynamo=False, dynamic_axes={"x": {0: "batch"}})
    for name in ["torch_new", "torch_fixed", "torch_old"]:
        bare(folder / f"{name}.onnx")


if __name__ == "__main__":
    main()
