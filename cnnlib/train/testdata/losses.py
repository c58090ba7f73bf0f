"""Writes losses.json beside this file: PyTorch's losses and their gradients by
the logits. Logits are [batch, places..., channels] here, as everywhere in
convlab; PyTorch has the channels second. Run: python losses.py
"""
import torch
from torch.nn import functional as F

from small import formula, write

cases = []


def add(name, shape, targets, loss):
    """loss takes logits as PyTorch has them."""
    logits = torch.from_numpy(3 * formula(int(torch.tensor(shape).prod()), len(cases)).reshape(shape))
    logits.view(-1)[1] = 0  # where a formula in pieces could have another gradient
    logits.view(-1)[2], logits.view(-1)[3] = 40, -40
    logits.requires_grad_()
    value = loss(logits.movedim(-1, 1), targets)
    value.backward()
    cases.append({"Name": name, "Shape": shape, "Logits": logits.flatten().tolist(), "TargetShape": list(targets.shape),
                  "Labels" if targets.dtype == torch.long else "Numbers": targets.flatten().tolist(),
                  "Loss": value.item(), "Gradient": logits.grad.flatten().tolist()})


def dice(p, t):
    """The formula, for p and t [batch, channels, places...]."""
    places = tuple(range(2, p.dim()))
    return 1 - ((2 * (p * t).sum(places) + 1e-5) / (p.sum(places) + t.sum(places) + 1e-5)).mean()


def one_hot(labels, classes):
    return F.one_hot(labels, classes).movedim(-1, 1).float()


weight = torch.tensor([0.5, 2, 1, 0.25])
labels = torch.tensor([3, 0, 1, 1, 2])
map = torch.tensor([3, 0, 1, 1, 2, 0, 0, 3, 2, 1, 1, 0]).reshape(2, 3, 2)
mask = (map > 1).long()
numbers = torch.from_numpy((formula(12, 99).reshape(2, 3, 2, 1) + 1) / 2)
for name, places, t in [("labels", [5], labels), ("map", [2, 3, 2], map)]:
    shape = [*places, 4]
    add(f"cross entropy, {name}", shape, t, F.cross_entropy)
    add(f"cross entropy, {name}, smoothing", shape, t, lambda x, t: F.cross_entropy(x, t, label_smoothing=0.3))
    add(f"cross entropy, {name}, weights", shape, t, lambda x, t: F.cross_entropy(x, t, weight=weight))
    add(f"cross entropy, {name}, weights, smoothing", shape, t, lambda x, t: F.cross_entropy(x, t, weight=weight, label_smoothing=0.3))
add("mean squared error", [2, 3, 2, 1], numbers, lambda x, t: F.mse_loss(x.movedim(1, -1), t))
add("binary cross entropy, numbers", [2, 3, 2, 1], numbers, lambda x, t: F.binary_cross_entropy_with_logits(x.movedim(1, -1), t))
add("binary cross entropy, labels", [2, 3, 2, 1], mask, lambda x, t: F.binary_cross_entropy_with_logits(x[:, 0], t.float()))
add("Dice, map", [2, 3, 2, 4], map, lambda x, t: dice(x.softmax(1), one_hot(t, 4)))
add("Dice, mask", [2, 3, 2, 1], mask, lambda x, t: dice(x.sigmoid(), t[:, None].float()))
add("Dice, numbers", [2, 3, 2, 1], numbers, lambda x, t: dice(x.sigmoid(), t.movedim(-1, 1)))
write("losses.json", {"cases": cases})
