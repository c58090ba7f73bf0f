"""Writes layers.json.gz beside this file: outputs and both gradients of
convolutions, pools, batch normalisation and activations in PyTorch, for small
shapes. Inputs, kernels and adjoints come from a formula, so only results are
stored, as base64 of float32 in this project's order (channels last, kernels
[spatial..., in/groups, out], transposed [spatial..., out/groups, in]).
Run: python layers.py (needs torch and numpy).
"""
import base64
import gzip
import itertools
import json
import pathlib
import random

import numpy as np
import torch
from torch.nn import functional as F

torch.set_num_threads(1)
rng = random.Random(20)


def scramble(n, salt):
    i = np.arange(n, dtype=np.uint64)
    v = (i * 2654435761 + salt * 40503) & 0xFFFFFFFF
    return ((v ^ (v >> 15)) * 2246822519) & 0xFFFFFFFF


def values(shape, salt):
    """Numbers in [-1, 1) in our order."""
    unit = (scramble(int(np.prod(shape)), salt) >> 8).astype(np.float32) * np.float32(2**-23) - np.float32(1)
    return torch.from_numpy(unit.reshape(shape))


def first(x):  # our [batch, spatial..., channels] → PyTorch's
    return x.movedim(-1, 1).contiguous()


def last(x):
    return x.movedim(1, -1).contiguous()


def theirs(k):  # our kernel [spatial..., a, b] → PyTorch's [b, a, spatial...]
    return k.movedim((-1, -2), (0, 1)).contiguous()


def ours(k):
    return k.movedim((0, 1), (-1, -2)).contiguous()


def b64(x):
    return base64.b64encode(x.detach().numpy().astype("<f4").tobytes()).decode()


def run(case, f, x_shape, *weights):
    """f(x, weights...) in PyTorch's order; weights as (our tensor, to theirs, from theirs)."""
    x = first(values(x_shape, 1)).requires_grad_()
    ws = [to(w).requires_grad_() for w, to, _ in weights]
    y = f(x, *ws)
    v = values(list(last(y).shape), 3)
    y.backward(first(v))
    case |= {"x": x_shape, "out": list(last(y).shape), "y": b64(last(y)), "dx": b64(last(x.grad)),
             "dw": [b64(back(w.grad)) for w, (_, _, back) in zip(ws, weights)]}
    cases.append(case)


def kernel(shape, salt=2):
    return values(shape, salt), theirs, ours


def one_d(n, salt):
    return values([n], salt), (lambda w: w.clone()), (lambda w: w)


cases = []
conv = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
trans = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}
maxp = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
avgp = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}


def pad(x, pads):
    return F.pad(x, [n for p in reversed(pads) for n in p])


def add_conv(batch, size, k, stride, dilation, pads, groups, per_in, per_out):
    x, shape = [batch, *size, per_in * groups], [*k, per_in, per_out * groups]
    n = len(size)
    f = lambda x, w: conv[n](pad(x, pads), w, stride=stride, dilation=dilation, groups=groups)
    case = {"kind": "conv", "kernel": shape, "stride": stride, "dilation": dilation, "pads": pads, "groups": groups}
    try:
        run(case, f, x, kernel(shape))
    except RuntimeError:  # the kernel does not fit
        cases.append(case | {"x": x, "rejected": True})


def add_trans(batch, size, k, stride, dilation, padding, op, groups, per_in, per_out):
    x, shape = [batch, *size, per_in * groups], [*k, per_out, per_in * groups]
    n = len(size)
    def f(x, w):
        y = trans[n](x, w, stride=stride, dilation=dilation, padding=padding, output_padding=op, groups=groups)
        if y.numel() == 0:
            raise RuntimeError("an empty output, which this project refuses")
        return y
    case = {"kind": "transposed", "kernel": shape, "stride": stride, "dilation": dilation, "pads": [[p, p] for p in padding],
            "output_padding": op, "groups": groups}
    try:
        run(case, f, x, kernel(shape))
    except RuntimeError:
        cases.append(case | {"x": x, "rejected": True})


# Every stride with every dilation, padding and group count, in turn on 1, 2 and 3 axes.
axes = itertools.cycle([2, 1, 2, 3])
for s, d, p, g in itertools.product((1, 2, 3), (1, 2, 3), (0, 1, 2), ("one", "two", "depthwise")):
    for square in (True, False):
        n = next(axes)
        k = [3] * n if square else [rng.choice((1, 2, 3, 4)) for _ in range(n)]
        stride = [s] * n if square else [rng.choice((1, s)) for _ in range(n)]
        dilation = [d] * n if square else [rng.choice((1, d)) for _ in range(n)]
        pads = [[p, p]] * n if square else [[rng.choice((0, 1, p)), rng.choice((0, p))] for _ in range(n)]
        size = [max(1, dilation[i] * (k[i] - 1) + 1 - sum(pads[i])) + rng.choice((0, 1, 2, 3)) for i in range(n)]
        groups, per_in, per_out = {"one": (1, 3, 2), "two": (2, 2, 3), "depthwise": (4, 1, rng.choice((1, 2)))}[g]
        add_conv(2 if n < 3 else 1, size, k, stride, dilation, pads, groups, per_in, per_out)
for s, d, p, g in itertools.product((1, 2, 3), (1, 2), (0, 1, 2), ("one", "two", "depthwise")):
    for square in (True, False):
        n = next(axes)
        k = [3] * n if square else [rng.choice((1, 2, 3, 4)) for _ in range(n)]
        stride = [s] * n if square else [rng.choice((1, s)) for _ in range(n)]
        dilation = [d] * n if square else [rng.choice((1, d)) for _ in range(n)]
        op = [rng.randrange(max(stride[i], dilation[i])) for i in range(n)]
        size = [rng.choice((2, 3, 4)) for _ in range(n)]
        groups, per_in, per_out = {"one": (1, 3, 2), "two": (2, 2, 3), "depthwise": (4, 1, rng.choice((1, 2)))}[g]
        add_trans(2 if n < 3 else 1, size, k, stride, dilation, [p] * n, op, groups, per_in, per_out)
# Kernels larger than one axis of the input and its padding.
for n in (1, 2, 3):
    add_conv(1, [5] * (n - 1) + [2], [3] * n, [1] * n, [1] * n, [[0, 0]] * n, 1, 1, 1)
    add_conv(1, [4] * n, [3] * n, [2] * n, [3] * n, [[1, 1]] * n, 1, 1, 1)
    add_trans(1, [2] * n, [3] * n, [1] * n, [1] * n, [2] * n, [0] * n, 1, 1, 1)
# One with sums over more than 10,000 terms.
add_conv(8, [12, 12], [3, 3], [1, 1], [1, 1], [[1, 1], [1, 1]], 1, 4, 4)

for ceil, (k, s, p, d) in itertools.product((False, True), [
        (2, 2, 0, 1), (3, 2, 0, 1), (3, 2, 1, 1), (3, 1, 1, 1), (2, 3, 1, 1), (3, 2, 1, 2), (2, 1, 0, 3), (3, 3, 1, 1), (4, 2, 2, 1)]):
    for n in (1, 2, 3):
        size = [max(d * (k - 1) + 1, 5) + rng.choice((0, 1, 2)) for _ in range(n)]
        x = [2 if n < 3 else 1, *size, 2]
        case = {"kernel": [k] * n, "stride": [s] * n, "dilation": [d] * n, "pads": [[p, p]] * n, "ceil": ceil}
        run(case | {"kind": "maxpool"}, lambda x: maxp[n](x, k, s, p, d, ceil_mode=ceil), x)
        if d == 1:
            for include in (True, False):
                run(case | {"kind": "avgpool", "exclude_pad": not include},
                    lambda x: avgp[n](x, k, s, p, ceil_mode=ceil, count_include_pad=include), x)

for name, f in {"ReLU": F.relu, "LeakyReLU": F.leaky_relu, "ELU": F.elu, "GELU": F.gelu, "SiLU": F.silu,
                "Sigmoid": torch.sigmoid, "Tanh": torch.tanh}.items():
    run({"kind": "activation", "name": name}, lambda x: f(4 * x), [2, 5, 5, 3])

for n in (1, 2, 3):
    x = [3, *[3, 4, 2][:n], 4]
    run({"kind": "globalavgpool"}, lambda x: x.mean(dim=list(range(2, n + 2))), x)
    run({"kind": "globalmaxpool"}, lambda x: x.amax(dim=list(range(2, n + 2))), x)
    for training in (True, False):
        mean, var = values([4], 6).clone(), values([4], 7).clone() + 1.5
        case = {"kind": "batchnorm", "training": training}
        run(case, lambda x, w, b: F.batch_norm(x, mean, var, w, b, training), x, one_d(4, 4), one_d(4, 5))
        case["state"] = [b64(mean), b64(var)]


def chain(*steps):
    def f(x, *weights):
        weights = list(weights)
        for groups, pads, biased in steps:
            w = weights.pop(0)
            b = weights.pop(0) if biased else None
            x = conv[x.dim() - 2](pad(x, pads), w, b, groups=groups)
        return x
    return f


x = [2, 6, 5, 4]
none, both = [[0, 0], [0, 0]], [[1, 1], [1, 1]]
run({"kind": "separable"}, chain((4, both, True), (1, none, True)), x,
    kernel([3, 3, 1, 4], 2), one_d(4, 10), kernel([1, 1, 4, 6], 11), one_d(6, 12))
run({"kind": "separable", "multiplier": 2}, chain((4, both, True), (1, none, True)), x,
    kernel([3, 3, 1, 8], 2), one_d(8, 10), kernel([1, 1, 8, 6], 11), one_d(6, 12))
run({"kind": "spatial"}, chain((1, [[1, 1], [0, 0]], False), (1, [[0, 0], [1, 1]], True)), x,
    kernel([3, 1, 4, 6], 2), kernel([1, 3, 6, 6], 10), one_d(6, 11))
run({"kind": "flattened"}, chain((1, none, False), (6, [[1, 1], [0, 0]], False), (6, [[0, 0], [1, 1]], True)), x,
    kernel([1, 1, 4, 6], 2), kernel([3, 1, 1, 6], 10), kernel([1, 3, 1, 6], 11), one_d(6, 12))
run({"kind": "shuffled"}, lambda x, w, b: torch.nn.functional.channel_shuffle(F.conv2d(x, w, b, padding=1, groups=2), 2), x,
    kernel([3, 3, 2, 6], 2), one_d(6, 10))

out = {"versions": {"torch": torch.__version__, "numpy": np.__version__}, "cases": cases}
data = json.dumps(out, separators=(",", ":")).encode()
pathlib.Path(__file__).with_name("layers.json.gz").write_bytes(gzip.compress(data, mtime=0))
kinds = {}
for c in cases:
    kinds[c["kind"] + (" rejected" if c.get("rejected") else "")] = kinds.get(c["kind"] + (" rejected" if c.get("rejected") else ""), 0) + 1
print(len(cases), "cases", kinds)
