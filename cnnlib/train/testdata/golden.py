"""Writes golden.json beside this file: ten steps of Adam on a small network in
PyTorch, and ten of the fast recipe. Run: python golden.py (needs torch and numpy).
"""
import torch
from torch import nn

from small import fill, flat, train, write

net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 2))
fill(net)
out = {}
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
write("golden.json", out)
