"""Writes optimizers.json beside this file: ten steps of PyTorch's optimizers,
as they are and with other settings. Run: python optimizers.py
"""
import torch
from torch import nn

from small import fill, flat, train, write

all = {
    "Adam, all settings": lambda p: torch.optim.Adam(p, lr=1e-2, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1),
    "AdamW": lambda p: torch.optim.AdamW(p, lr=1e-2),
    "AdamW, all settings": lambda p: torch.optim.AdamW(p, lr=1e-2, betas=(0.8, 0.95), eps=1e-3, weight_decay=2),
    "SGD": lambda p: torch.optim.SGD(p, lr=0.1),
    "SGD, classic": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
    "SGD, Nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01, nesterov=True),
    "RMSprop": lambda p: torch.optim.RMSprop(p, lr=1e-3),
    "RMSprop, all settings": lambda p: torch.optim.RMSprop(p, lr=1e-3, alpha=0.9, eps=1e-3, weight_decay=0.05, momentum=0.8, centered=True),
}
out = {}
for name, make in all.items():
    net = nn.Sequential(nn.Flatten(), nn.Linear(64, 4), nn.ReLU(), nn.Linear(4, 2))
    fill(net)
    losses = train(net, make(net.parameters()))
    out[name] = {"Losses": losses, "Weights": {k: [float(f"{v:.9g}") for v in w] for k, w in flat(net).items()}}
write("optimizers.json", {"optimizers": out})
