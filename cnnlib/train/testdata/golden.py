"""Writes golden.json beside this file: ten steps of Adam on a small network in
PyTorch, and ten of the fast recipe, from weights that a formula gives, on bars (8x8 images, a bright row
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


net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 2))
fill(net)
out = {"versions": {"torch": torch.__version__, "numpy": np.__version__}}
out["losses"] = train(net, torch.optim.Adam(net.parameters(), lr=1e-2))
out["weights"] = flat(net)

# The fast recipe's: SGD with Nesterov's momentum and weight decay, a larger
# rate for BatchNorm's bias, a rate that rises and falls, label smoothing, and
# airbench's lookahead, whose slow copy takes in running means too.
net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.MaxPool2d(2), nn.BatchNorm2d(4, momentum=0.4), nn.GELU(), nn.Flatten(), nn.Linear(36, 2))
fill(net)
rate, decay, factor = 0.05, 0.01, 8.0
norm = [net[2].bias]
rest = [p for p in net.parameters() if p is not net[2].bias]
sgd = torch.optim.SGD([dict(params=norm, lr=rate * factor, weight_decay=decay / factor), dict(params=rest, lr=rate, weight_decay=decay)],
                      momentum=0.85, nesterov=True)
schedule = torch.optim.lr_scheduler.LambdaLR(sgd, lambda i: 0.2 + 0.8 * i / 3 if i < 3 else 1 + (0.07 - 1) * (i - 3) / 7)
slow = {name: v.clone() for name, v in net.state_dict().items()}


def after(step):
    schedule.step()
    done = step + 1
    if done % 5 == 0:
        keep = 0.95**5 * (done / 10) ** 3
        for name, v in net.state_dict().items():
            if v.dtype == torch.float32:
                slow[name].lerp_(v, 1 - keep)
                v.copy_(slow[name])


out["fast losses"] = train(net, sgd, 0.2, after)
net[2].num_batches_tracked = None
out["fast weights"] = flat(net)
pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(out) + "\n")
