"""What the golden scripts beside this file share: weights that a formula
gives, bars (8x8 images, a bright row or a bright column), and training on them.
"""
import json
import pathlib

import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
VERSIONS = {"torch": torch.__version__, "numpy": np.__version__}


def formula(n, salt):
    """n numbers from -1 to 1."""
    i = np.arange(n, dtype=np.uint64)
    v = (i * 2654435761 + salt * 40503) & 0xFFFFFFFF
    v = ((v ^ (v >> 15)) * 2246822519) & 0xFFFFFFFF
    return (v >> 8).astype(np.float32) * np.float32(2**-23) - np.float32(1)


def weights(shape, fan_in, salt):
    unit = formula(int(np.prod(shape)), salt)
    return torch.from_numpy((unit * np.float32(1 / np.sqrt(np.float64(fan_in)))).reshape(shape))


images = np.zeros((16, 1, 8, 8), np.float32)
for k in range(16):
    if k % 2 == 0:
        images[k, 0, k // 2 % 8, :] = 1
    else:
        images[k, 0, :, k // 2 % 8] = 1
x, y = torch.from_numpy(images), torch.arange(16) % 2


def fill(net):
    for name, p in net.named_parameters():
        layer, kind = name.split(".")
        if not isinstance(net[int(layer)], nn.BatchNorm2d):
            with torch.no_grad():
                p.copy_(weights(p.shape, net[int(layer)].weight[0].numel(), 2 * int(layer) + (kind == "bias")))


def train(net, optimizer, smoothing=0.0, after=lambda step: None):
    losses = []
    for step in range(10):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y, label_smoothing=smoothing)
        loss.backward()
        optimizer.step()
        after(step)
        losses.append(loss.item())
    return losses


def flat(net):  # OIHW, OI
    return {name: p.detach().flatten().numpy().astype(float).tolist() for name, p in net.state_dict().items()}


def write(name, out):
    pathlib.Path(__file__).with_name(name).write_text(json.dumps({"versions": VERSIONS} | out) + "\n")
