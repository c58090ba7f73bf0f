"""Writes golden.json beside this file: ten steps of Adam on a small network in
PyTorch, from weights that a formula gives, on bars (8x8 images, a bright row
or a bright column). Run: python golden.py (needs torch and numpy).
"""
import json
import pathlib

import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)


def weights(shape, fan_in, salt):
    i = np.arange(int(np.prod(shape)), dtype=np.uint64)
    v = (i * 2654435761 + salt * 40503) & 0xFFFFFFFF
    v = ((v ^ (v >> 15)) * 2246822519) & 0xFFFFFFFF
    unit = (v >> 8).astype(np.float32) * np.float32(2**-23) - np.float32(1)
    return torch.from_numpy((unit * np.float32(1 / np.sqrt(np.float64(fan_in)))).reshape(shape))


images = np.zeros((16, 1, 8, 8), np.float32)
for k in range(16):
    if k % 2 == 0:
        images[k, 0, k // 2 % 8, :] = 1
    else:
        images[k, 0, :, k // 2 % 8] = 1
x, y = torch.from_numpy(images), torch.arange(16) % 2

net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 2))
for name, p in net.named_parameters():
    layer, kind = name.split(".")
    with torch.no_grad():
        p.copy_(weights(p.shape, net[int(layer)].weight[0].numel(), 2 * int(layer) + (kind == "bias")))
adam = torch.optim.Adam(net.parameters(), lr=1e-2)
losses = []
for _ in range(10):
    adam.zero_grad()
    loss = nn.functional.cross_entropy(net(x), y)
    loss.backward()
    adam.step()
    losses.append(loss.item())
out = {
    "versions": {"torch": torch.__version__, "numpy": np.__version__},
    "losses": losses,
    "weights": {name: p.detach().flatten().numpy().astype(float).tolist() for name, p in net.named_parameters()},  # OIHW, OI
}
pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(out) + "\n")
