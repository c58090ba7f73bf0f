"""Writes golden.json and states.txt.gz beside this file: what the networks of
this package are in PyTorch. For each, golden.json has its parameters and MACs,
counted and as published, the constants of its norms (epsilon and momentum) and
dropouts, and the logits of one image with 10 classes and
weights from networks.py's formula, computed in float64; states.txt.gz has the names and shapes of
the state dict of that in order, a line each: network, name, sizes joined by "x".
Run: python golden.py (needs torch 2.15, torchvision 0.29 and timm 1.0.31).
"""
import gzip
import json
import pathlib

import timm
import torch
import torchvision
from torch.utils.flop_counter import FlopCounterMode

from networks import NETWORKS, fill, image, normalised

torch.set_num_threads(2)
here = pathlib.Path(__file__).parent


def macs(model, size):
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model.eval()(torch.empty(1, 3, *size, device="meta"))
    return counter.get_total_flops() // 2


def logits(model, size, salt, **normalisation):
    with torch.no_grad():
        return model.double()(normalised(image(*size, salt), **normalisation).double())


def rounded(y):
    return [float(f"{v:.9g}") for v in y.tolist()]


golden = {"versions": {"torch": torch.__version__, "torchvision": torchvision.__version__, "timm": timm.__version__}, "networks": {}}
states = []
for name, network in NETWORKS.items():
    with torch.device("meta"):
        full = network.make(network.classes)
    one = {"parameters": sum(p.numel() for key, p in full.named_parameters() if not key.startswith("aux")),
           "macs": macs(full, network.full), "input": [*network.full, 3], "classes": network.classes}
    norms = {(m.eps, m.momentum) for m in full.modules() if isinstance(m, torch.nn.BatchNorm2d)}
    one["norms"] = sorted(norms)
    one["dropouts"] = [m.p for key, m in full.named_modules() if isinstance(m, torch.nn.Dropout) and not key.startswith("aux")]
    if network.weights:
        one["published"] = {"parameters": str(network.weights.meta["num_params"]), "macs": f'{network.weights.meta["_ops"]:.3f}e9'}
    elif network.published:
        one["published"] = {"parameters": network.published[0], "macs": network.published[1]}
    model = fill(network.make(10))
    for key, tensor in model.state_dict().items():
        states.append(f"{name}\t{key}\t{'x'.join(map(str, tensor.shape))}\n")
    y, other = (logits(model, network.size, salt) for salt in (1, 2))
    one |= {"image": [*network.size, 3], "logits": rounded(y[0].movedim(0, -1).flatten())}
    if name.startswith("UNet"):  # every 61st number is enough
        one["every"] = 61
        one["logits"] = one["logits"][::61]
    if name == "GoogLeNet":  # with torchvision's own weights it expects another normalisation
        model.transform_input = True
        one["transformed"] = rounded(logits(model, network.size, 1)[0])
    golden["networks"][name] = one
    scale = y.abs().max()
    print(f"{name:18} {one['parameters']:>11,} {one['macs']:>14,} largest logit {scale:9.3g}, another image moves them by {((y - other).abs().max() / scale):.2g}, "
          f"deviation between classes {(y.std(1).mean() / scale):.2g}", flush=True)

with open(here / "golden.json", "w") as f:
    lines = (f"{json.dumps(name)}: {json.dumps(one)}" for name, one in golden["networks"].items())
    f.write('{"versions": %s, "networks": {\n%s\n}}\n' % (json.dumps(golden["versions"]), ",\n".join(lines)))
with gzip.GzipFile(here / "states.txt.gz", "wb", mtime=0) as f:
    f.write("".join(states).encode())
