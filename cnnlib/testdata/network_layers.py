"""Writes network_layers.json.gz beside this file: outputs and both gradients in PyTorch of the layers that well-known networks
have beside convolutions: adaptive pools, activations, norms, upsampling, padding, slices. "fields" are those of this project's
layer. Inputs and adjoints come from layers.py's formula, an input is then (round)(v·times)·by + plus, with NaN at the places of
"nan"; results are base64 of float32 in this project's order (channels last).
Run: python network_layers.py (needs torch and numpy).
"""
import base64
import collections
import gzip
import json
import pathlib

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
cases = []


def values(shape, salt):
    """Numbers in [-1, 1) in our order."""
    i = np.arange(int(np.prod(shape)), dtype=np.uint64)
    v = (i * 2654435761 + salt * 40503) & 0xFFFFFFFF
    v = ((v ^ (v >> 15)) * 2246822519) & 0xFFFFFFFF
    return ((v >> 8).astype(np.float32) * np.float32(2**-23) - np.float32(1)).reshape(shape)


def changed(v, times=1, rounded=False, by=1, plus=0, nan=()):
    v = v * np.float32(times)
    v = (np.rint(v) if rounded else v) * np.float32(by) + np.float32(plus)
    v.flat[list(nan)] = np.nan
    return v


def first(x):  # our [batch, spatial..., channels] → PyTorch's
    return x.movedim(-1, 1).contiguous()


def last(x):
    return x.movedim(1, -1).contiguous()


def b64(x):
    return base64.b64encode(x.detach().numpy().astype("<f4").tobytes()).decode()


def run(kind, fields, f, x_shape, weights=(), wide=False, **change):
    """f(x, weights...) in PyTorch's order. weights are the sizes of trained vectors, salts 4 and 5. wide computes in float64."""
    to = (lambda v: torch.from_numpy(v).double()) if wide else torch.from_numpy
    x = first(to(changed(values(x_shape, 1), **change))).requires_grad_()
    ws = [to(values([n], 4 + i)).requires_grad_() for i, n in enumerate(weights)]
    y = f(x, *ws)
    y.backward(first(to(values(list(last(y).shape), 3))))
    cases.append({"kind": kind, "fields": fields, "change": change, "x": x_shape, "out": list(last(y).shape),
                  "y": b64(last(y)), "dx": b64(last(x.grad)), "dw": [b64(w.grad) for w in ws]})
    return cases[-1]


def refused(kind, fields, f, x_shape):
    """What PyTorch refuses too."""
    try:
        f(first(torch.from_numpy(values(x_shape, 1))))
    except (RuntimeError, ValueError):
        cases.append({"kind": kind, "fields": fields, "x": x_shape, "refused": True})
        return
    raise SystemExit(f"PyTorch takes {kind} {fields} on {x_shape}")


avg = {1: F.adaptive_avg_pool1d, 2: F.adaptive_avg_pool2d, 3: F.adaptive_avg_pool3d}
top = {1: F.adaptive_max_pool1d, 2: F.adaptive_max_pool2d, 3: F.adaptive_max_pool3d}
ties = {"times": 1.5, "rounded": True}
for size, out in [([7], [3]), ([3], [7]), ([6], [3]), ([5, 8], [3, 3]), ([6, 4], [3, 2]), ([7, 5], [1, 1]), ([3, 2], [4, 5]), ([10, 6], [4, 4]),
                  ([4, 5, 3], [2, 2, 2]), ([4, 6, 2], [2, 3, 1])]:
    fields = {"Size": out[0]} if len(set(out)) == 1 else {"Sizes": out}
    x = [2, *size, 2]
    run("AdaptiveAvgPool", fields, lambda x: avg[len(size)](x, out), x)
    run("AdaptiveMaxPool", fields, lambda x: top[len(size)](x, out), x, **ties)
for out in ([2, 2], [3, 2]):
    fields = {"Sizes": out}
    run("AdaptiveAvgPool", fields, lambda x: avg[2](x, out), [1, 4, 4, 1], nan=[6])
    run("AdaptiveMaxPool", fields, lambda x: top[2](x, out), [1, 4, 4, 1], nan=[0, 3, 6, 9, 10], **ties)
for place in range(4):
    run("MaxPool", {"Size": 2}, lambda x: F.max_pool2d(x, 2), [1, 4, 4, 1], nan=[[0, 1, 4, 5][place], 10, 11], **ties)
for place in range(9):
    run("MaxPool", {"Size": 3, "Stride": 2, "Padding": 1}, lambda x: F.max_pool2d(x, 3, 2, 1), [1, 5, 4, 1], nan=[place, 12], **ties)
run("MaxPool", {"Size": 3, "Stride": 1}, lambda x: F.max_pool1d(x, 3, 1), [1, 8, 1], nan=[2, 4], **ties)
run("MaxPool", {"Size": 2}, lambda x: F.max_pool3d(x, 2), [1, 4, 2, 4, 1], nan=[3, 7, 12], **ties)
for nan in ([], [2], [0, 5, 7], [23]):
    run("GlobalMaxPool", {}, lambda x: F.adaptive_max_pool2d(x, 1)[:, :, 0, 0], [2, 3, 2, 2], nan=nan, **ties)
for kind in (avg, top):
    refused({id(avg): "AdaptiveAvgPool", id(top): "AdaptiveMaxPool"}[id(kind)], {"Size": -1}, lambda x: kind[2](x, -1), [1, 4, 4, 1])

# Whole and half numbers from -8 to 8, the corners of all activations among them.
corners = {"times": 16, "rounded": True, "by": 0.5}
for name, fields, f in [("ReLU", {}, F.relu), ("ReLU6", {}, F.relu6), ("HardSigmoid", {}, F.hardsigmoid), ("HardSwish", {}, F.hardswish),
                        ("ELU", {}, F.elu), ("ELU", {"Alpha": 1.5}, lambda x: F.elu(x, 1.5)), ("LeakyReLU", {}, F.leaky_relu),
                        ("GELU", {}, F.gelu), ("SiLU", {}, F.silu), ("Sigmoid", {}, torch.sigmoid), ("Tanh", {}, torch.tanh)]:
    run(name, fields, f, [2, 6, 6, 2], **corners)
    run(name, fields, f, [1, 5], times=0)  # zeros only
for x in ([2, 4, 3, 3], [3, 4], [2, 5, 3], [1, 2, 3, 2, 2]):
    run("PReLU", {}, F.prelu, x, [1], times=16, rounded=True, by=0.5)
    run("PReLU", {"PerChannel": True}, F.prelu, x, [x[-1]], times=16, rounded=True, by=0.5)
for x in ([2, 3, 4, 5], [3, 7], [2, 4, 3], [1, 2, 3, 2, 1]):
    for times, plus in ((4, 0), (20, 300)):
        run("SoftmaxLayer", {}, lambda x: x.softmax(1), x, wide=True, times=times, plus=plus)
        run("LogSoftmaxLayer", {}, lambda x: x.log_softmax(1), x, wide=True, times=times, plus=plus)
run("SoftmaxLayer", {}, lambda x: x.softmax(1), [1, 3, 4], nan=[5])
run("LogSoftmaxLayer", {}, lambda x: x.log_softmax(1), [1, 3, 4], nan=[5])

for x in ([2, 3, 4, 6], [3, 6], [2, 5, 6], [1, 2, 3, 2, 6]):
    for groups in (1, 2, 6) if len(x) == 4 else (2,):
        run("GroupNorm", {"Groups": groups}, lambda x, w, b: F.group_norm(x, groups, w, b), x, [6, 6])
    run("GroupNorm", {"Groups": 2, "NoAffine": True, "Epsilon": 1e-2}, lambda x: F.group_norm(x, 2, eps=1e-2), x)
    layer = lambda x, w, b, eps=1e-5: F.layer_norm(x.movedim(1, -1), (6,), w, b, eps).movedim(-1, 1)
    run("LayerNorm", {}, layer, x, [6, 6])
    run("LayerNorm", {"Epsilon": 1e-6}, lambda x, w, b: layer(x, w, b, 1e-6), x, [6, 6])
    if len(x) > 2:
        run("InstanceNorm", {}, F.instance_norm, x)
        run("InstanceNorm", {"Affine": True}, lambda x, w, b: F.instance_norm(x, weight=w, bias=b), x, [6, 6])
refused("GroupNorm", {"Groups": 4}, lambda x: F.group_norm(x, 4), [1, 3, 6])
# PyTorch's own float32 loses digits here, its float64 does not.
far = {"wide": True, "plus": 1e4}
run("GroupNorm", {"Groups": 2}, lambda x, w, b: F.group_norm(x, 2, w, b), [2, 6, 5, 4], [4, 4], **far)
run("LayerNorm", {}, lambda x, w, b: F.layer_norm(x.movedim(1, -1), (12,), w, b).movedim(-1, 1), [2, 4, 12], [12, 12], **far)
for times, plus in ((1.75, 1e4), (1.75, -1e4), (1, 0), (0.01, 100)):
    mean, var = torch.zeros(3).double(), torch.ones(3).double()
    case = run("BatchNorm", {}, lambda x, w, b: F.batch_norm(x, mean, var, w, b, True), [4, 9, 7, 3], [3, 3], wide=True, times=times, plus=plus)
    case |= {"training": True, "state": [b64(mean), b64(var)]}

for x in ([2, 3, 2, 7], [2, 4, 5], [1, 2, 2, 2, 6]):
    for size in (1, 2, 3, 4, 5, 17) if len(x) == 4 else (3, 4):
        run("LocalResponseNorm", {"Size": size}, lambda x: F.local_response_norm(x, size), x)
    run("LocalResponseNorm", {"Size": 3, "Alpha": 2.0, "Beta": 0.5, "K": 0.75}, lambda x: F.local_response_norm(x, 3, 2.0, 0.5, 0.75), x)
run("LocalResponseNorm", {"Size": 3}, lambda x: F.local_response_norm(x, 3), [1, 2, 6], nan=[3])

mode = {1: "linear", 2: "bilinear", 3: "trilinear"}
for size in ([5], [1], [3, 4], [4, 1], [2, 3, 2]):
    x, n = [2 if len(size) < 3 else 1, *size, 2], len(size)
    ways = [({"Factor": f}, {"scale_factor": float(f)}) for f in (1, 2, 3, 1.5, 0.7) if f > 1 or min(size) > 1]
    ways += [({"Size": s}, {"size": s}) for s in (1, 7)]
    if n == 3 or min(size) == 1:
        ways = ways[1:4:2]  # two of them
    if n > 1:
        ways += [({"Sizes": [7, 2, 5][:n]}, {"size": [7, 2, 5][:n]}), ({"Factors": [2, 2.5, 3][:n]}, {"scale_factor": [2.0, 2.5, 3.0][:n]})]
    for fields, given in ways:
        run("Upsample", fields, lambda x: F.interpolate(x, mode="nearest", **given), x)
        run("Upsample", fields | {"Linear": True}, lambda x: F.interpolate(x, mode=mode[n], align_corners=False, **given), x)
        run("Upsample", fields | {"Linear": True, "AlignCorners": True}, lambda x: F.interpolate(x, mode=mode[n], align_corners=True, **given), x)
run("Upsample", {"Factor": 2}, lambda x: F.interpolate(x, scale_factor=2.0), [1, 3, 3, 1], nan=[4])
run("Upsample", {"Size": 5}, lambda x: F.interpolate(x, size=5), [1, 3, 3, 1], nan=[4])
for fields, given in (({}, {}), ({"Size": 2, "Factor": 2}, {"size": 2, "scale_factor": 2.0}), ({"Factor": 0.1}, {"scale_factor": 0.1}),
                      ({"Size": 2, "AlignCorners": True}, {"size": 2, "align_corners": True})):
    refused("Upsample", fields, lambda x: F.interpolate(x, **given), [1, 3, 3, 1])

for sides in ([[1, 1]], [[2, 0]], [[1, 2], [0, 3]], [[2, 2], [2, 2]], [[0, 0], [0, 1]], [[1, 0], [2, 1], [0, 1]]):
    x, pads = [2 if len(sides) < 3 else 1, *[4, 5, 3][:len(sides)], 2], [n for s in reversed(sides) for n in s]
    fields = {"Size": sides[0][0]} if all(s == [sides[0][0]] * 2 for s in sides) else {"Sides": sides}
    run("Pad", fields, lambda x: F.pad(x, pads), x)
    run("Pad", fields | {"Value": -1.5}, lambda x: F.pad(x, pads, value=-1.5), x)
    run("Pad", fields | {"Mode": 1}, lambda x: F.pad(x, pads, "reflect"), x)
    run("Pad", fields | {"Mode": 2}, lambda x: F.pad(x, pads, "replicate"), x)
refused("Pad", {"Size": 3, "Mode": 1}, lambda x: F.pad(x, [3] * 4, "reflect"), [1, 3, 4, 1])
run("Pad", {"Size": 4, "Mode": 2}, lambda x: F.pad(x, [4] * 4, "replicate"), [1, 1, 2, 1])
for a, b in ((0, 3), (2, 5), (4, 0), (0, 0)):
    run("ChannelSlice", {"From": a, "To": b}, lambda x: x[:, a:b or None], [2, 2, 3, 5])
run("ChannelSlice", {"From": 1, "To": 2}, lambda x: x[:, 1:2], [2, 5])

out = {"versions": {"torch": torch.__version__, "numpy": np.__version__}, "cases": cases}
data = json.dumps(out, separators=(",", ":")).encode()
pathlib.Path(__file__).with_name("network_layers.json.gz").write_bytes(gzip.compress(data, mtime=0))
print(len(cases), "cases", dict(collections.Counter(c["kind"] for c in cases)))
