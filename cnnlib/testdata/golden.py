"""Writes golden.json beside this file: logits, loss and gradients of networks
3.1 and 3.2 in PyTorch, for weights and pixels that a formula gives, so that
no weights need to be stored. Run: python golden.py (needs torch and numpy).
"""
import json
import pathlib

import numpy as np
import torch
from torch import nn

MEAN = np.array([0.4914, 0.48216, 0.44653], np.float32)
STD = np.array([0.24703, 0.24349, 0.26159], np.float32)


def scramble(n, salt):
    """n numbers of 32 bits, the same in any language."""
    i = np.arange(n, dtype=np.uint64)
    v = (i * 2654435761 + salt * 40503) & 0xFFFFFFFF
    return ((v ^ (v >> 15)) * 2246822519) & 0xFFFFFFFF


def weights(shape, fan_in, salt):
    bound = np.float32(1 / np.sqrt(np.float64(fan_in)))
    n = int(np.prod(shape))
    unit = (scramble(n, salt) >> 8).astype(np.float32) * np.float32(2**-23) - np.float32(1)
    return torch.from_numpy((unit * bound).reshape(shape))


def lenet():
    return nn.Sequential(
        nn.Conv2d(3, 6, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(576, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def lesson_net():
    return nn.Sequential(
        nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
        nn.Conv2d(32, 128, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
        nn.Flatten(), nn.Linear(4608, 2048), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(2048, 1024), nn.ReLU(), nn.Dropout(0.5), nn.Linear(1024, 10))


def case(net):
    net.eval()
    for name, p in net.named_parameters():
        layer, kind = name.split(".")
        module = net[int(layer)]
        fan_in = module.weight[0].numel()
        with torch.no_grad():
            p.copy_(weights(p.shape, fan_in, 2 * int(layer) + (kind == "bias")))
    pixels = (scramble(4 * 32 * 32 * 3, 99) >> 24).astype(np.uint8).reshape(4, 32, 32, 3)
    x = (pixels.astype(np.float32) / np.float32(255) - MEAN) / STD
    logits = net(torch.from_numpy(x).permute(0, 3, 1, 2).contiguous())
    loss = nn.functional.cross_entropy(logits, torch.tensor([3, 0, 9, 5]))
    loss.backward()
    return {
        "logits": logits.detach().numpy().astype(float).tolist(),
        "loss": loss.item(),
        "first_kernel_gradient": net[0].weight.grad.flatten().numpy().astype(float).tolist(),  # OIHW
    }


torch.set_num_threads(1)
out = {"versions": {"torch": torch.__version__, "numpy": np.__version__}, "LeNet": case(lenet()), "LessonNet": case(lesson_net())}
pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(out) + "\n")
