"""Writes onnx.json.gz beside this file: what ONNX's Conv, ConvTranspose, MaxPool and AveragePool give, over every attribute they
have, by ONNX's reference implementation and by onnxruntime. Both have corners where they leave the published text (opset 22),
so a case is kept if at least one of them gives what the text says, written down in text() below; "by" says who does. Inputs
and kernels come from layers.py's formula; results are base64 of float32 in this project's order (channels last).
Run: python onnx.py (needs onnx, onnxruntime and numpy).
"""
import base64
import collections
import gzip
import itertools
import json
import math
import pathlib
import random
import sys

HERE = pathlib.Path(__file__).resolve()
sys.path = [p for p in sys.path if pathlib.Path(p or ".").resolve() != HERE.parent]  # this file is called onnx.py too

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

np.seterr(all="ignore")  # the reference divides by nothing where a window is empty
rng = random.Random(22)


def values(shape, salt):
    """Numbers in [-1, 1), in our order."""
    i = np.arange(int(np.prod(shape)), dtype=np.uint64)
    v = (i * 2654435761 + salt * 40503) & 0xFFFFFFFF
    v = ((v ^ (v >> 15)) * 2246822519) & 0xFFFFFFFF
    return ((v >> 8).astype(np.float32) * np.float32(2**-23) - np.float32(1)).reshape(shape)


def first(x):  # [batch, spatial..., channels] → ONNX's
    return np.ascontiguousarray(np.moveaxis(x, -1, 1))


def theirs(k):  # [spatial..., a, b] → [b, a, spatial...]
    return np.ascontiguousarray(np.moveaxis(k, (-1, -2), (0, 1)))


def model(op, feeds, attributes):
    info = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    node = helper.make_node(op, list(feeds), ["Y"], **attributes)
    graph = helper.make_graph([node], op, [info(n, v.shape) for n, v in feeds.items()], [info("Y", None)])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)


def attempt(f):
    try:
        y = f()
    except Exception as e:  # whatever way an implementation has to refuse
        return None, str(e).splitlines()[0][:160] if str(e) else type(e).__name__
    return (y, "") if y.size and np.isfinite(y).all() and np.abs(y).max() < 1e30 else (None, f"shape {y.shape}, largest {np.abs(y).max() if y.size else 0}")


class Undefined(Exception):
    """The text does not say what this gives."""


def sizes(op, n, k, s, d, pads, a, axis):
    """Output size and padding along one axis, as the text has them."""
    span, auto, ceil = d * (k - 1) + 1, a.get("auto_pad", "NOTSET"), a.get("ceil_mode", 0)
    upper = lambda total: (total // 2, total - total // 2)
    if op == "ConvTranspose":
        extra = a.get("output_padding", [0] * 9)[axis]
        out = a["output_shape"][axis] if "output_shape" in a else n * s if auto.startswith("SAME") else None
        if out is not None:
            total = s * (n - 1) + extra + span - out
            if total < 0:
                raise Undefined
            pads = upper(total) if auto == "SAME_UPPER" else upper(total)[::-1]
        elif auto == "VALID":
            pads = (0, 0)
        return s * (n - 1) + extra + span - sum(pads), pads
    if auto.startswith("SAME"):
        out = math.ceil(n / s)
        total = max((out - 1) * s + span - n, 0)
        return out, upper(total) if auto == "SAME_UPPER" else upper(total)[::-1]
    if auto == "VALID":
        return math.ceil((n - span + 1) / s), (0, 0)  # with and without ceil_mode
    out = (math.ceil if ceil else math.floor)((n + sum(pads) - span) / s + 1)
    if ceil and (out - 1) * s >= n + pads[0]:
        out -= 1  # a window that would start in the padding at the end
    return out, pads


def text(op, x, a, kernel):
    """The operator by its definition, channels last."""
    data, axes = values(x, 1), len(x) - 2
    k = kernel[:axes] if kernel else a["kernel_shape"]
    s, d = a.get("strides", [1] * axes), a.get("dilations", [1] * axes)
    given = a.get("pads", [0] * 2 * axes)
    out, pads = zip(*[sizes(op, x[i + 1], k[i], s[i], d[i], (given[i], given[axes + i]), a, i) for i in range(axes)])
    if min(out) < 1:
        raise Undefined
    if op == "ConvTranspose":  # stamp the kernel on a large enough map, then cut
        weights, groups = values(kernel, 2), a.get("group", 1)
        wide = [(x[i + 1] - 1) * s[i] + d[i] * (k[i] - 1) + 1 + a.get("output_padding", [0] * axes)[i] for i in range(axes)]
        y = np.zeros([x[0], *wide, kernel[-2] * groups], np.float64)
        for at in itertools.product(*map(range, x[1:-1])):
            for tap in itertools.product(*map(range, k)):
                to = (slice(None), *[at[i] * s[i] + tap[i] * d[i] for i in range(axes)])
                for g in range(groups):
                    i, o = x[-1] // groups, kernel[-2]
                    y[(*to, slice(g * o, g * o + o))] += data[(slice(None), *at, slice(g * i, g * i + i))] @ weights[tap][:, g * i:g * i + i].T
        return y[(slice(None), *[slice(pads[i][0], pads[i][0] + out[i]) for i in range(axes)])]
    channels = kernel[-1] if kernel else x[-1]
    y = np.zeros([x[0], *out, channels])
    for at in itertools.product(*map(range, out)):
        seen, counted = [], 0
        for tap in itertools.product(*map(range, k)):
            p = [at[i] * s[i] - pads[i][0] + tap[i] * d[i] for i in range(axes)]
            inside = all(0 <= p[i] < x[i + 1] for i in range(axes))
            padded = all(p[i] < x[i + 1] + pads[i][1] for i in range(axes))  # what ceil_mode has beyond the padding never counts
            counted += padded if a.get("count_include_pad") else inside
            if inside:
                seen.append((tap, data[(slice(None), *p)]))
        if op == "Conv":
            weights, groups = values(kernel, 2), a.get("group", 1)
            i, o = x[-1] // groups, channels // groups
            for tap, v in seen:
                for g in range(groups):
                    y[(slice(None), *at, slice(g * o, g * o + o))] += v[:, g * i:g * i + i] @ weights[tap][:, g * o:g * o + o]
        elif not seen or any(pads[i][j] >= d[i] * (k[i] - 1) + 1 for i in range(axes) for j in (0, 1)):
            raise Undefined  # a window of padding only
        elif op == "MaxPool":
            y[(slice(None), *at)] = np.max([v for _, v in seen], axis=0)
        else:
            y[(slice(None), *at)] = np.sum([v for _, v in seen], axis=0) / counted
    return y


def attempt(f):
    try:
        return np.moveaxis(f(), 1, -1)
    except Exception:  # whatever way an implementation has to refuse
        return None


options = onnxruntime.SessionOptions()
options.log_severity_level = 4
cases, by = [], collections.Counter()


def run(op, x, attributes, kernel=None):
    try:
        want = text(op, x, attributes, kernel)
    except Undefined:
        return
    feeds = {"X": first(values(x, 1))} | ({"W": theirs(values(kernel, 2))} if kernel else {})
    m = model(op, feeds, attributes)
    results = {
        "onnxruntime": attempt(lambda: onnxruntime.InferenceSession(m.SerializeToString(), options, providers=["CPUExecutionProvider"]).run(None, feeds)[0]),
        "reference": attempt(lambda: ReferenceEvaluator(m).run(None, feeds)[0]),
    }
    agree = [name for name, y in results.items() if y is not None and y.shape == want.shape and np.abs(y - want).max() <= 1e-5 * np.abs(want).max()]
    by[op + ": " + (" and ".join(agree) or "neither")] += 1
    if agree:
        y = results[agree[0]]
        cases.append({"op": op, "x": x, "attributes": attributes} | ({"kernel": kernel} if kernel else {}) |
                     {"out": list(y.shape), "by": agree, "y": base64.b64encode(y.astype("<f4").tobytes()).decode()})
    elif "-v" in sys.argv:
        print("neither:", op, x, kernel or "", attributes, "text", want.shape, {n: y is not None and y.shape for n, y in results.items()})


def pick(*choices):
    return rng.choice(choices)


def attributes(op, n):
    """Random ones; what is not named has its default."""
    k, size = [pick(1, 2, 3, 4) for _ in range(n)], [pick(3, 4, 5, 6, 7, 8) if n < 3 else pick(3, 4, 5) for _ in range(n)]
    a = {}
    if rng.random() < 0.8:
        a["strides"] = [pick(1, 2, 3) for _ in range(n)]
    if rng.random() < 0.5:
        a["dilations"] = [pick(1, 2, 3) for _ in range(n)]
    auto = pick(None, "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID")
    if auto:
        a["auto_pad"] = auto
    if auto in (None, "NOTSET") and rng.random() < 0.8:
        a["pads"] = [pick(*range(min(3, k[i % n]))) for i in range(2 * n)]
    if op.endswith("Pool") or rng.random() < 0.5:
        a["kernel_shape"] = k
    if op.endswith("Pool") and rng.random() < 0.7:
        a["ceil_mode"] = pick(0, 1, 1)
    if op == "AveragePool" and rng.random() < 0.7:
        a["count_include_pad"] = pick(0, 1, 1)
    if op == "ConvTranspose":
        s, d = a.get("strides", [1] * n), a.get("dilations", [1] * n)
        if rng.random() < 0.4:
            a["output_padding"] = [rng.randrange(max(s[i], d[i])) for i in range(n)]
        if rng.random() < 0.3:
            a.pop("pads", None)
            a["output_shape"] = [max(1, s[i] * (size[i] - 1) + d[i] * (k[i] - 1) + 1 - pick(0, 1, 2, 3)) for i in range(n)]
    return size, k, a


def main():
    for op in ("Conv", "ConvTranspose", "MaxPool", "AveragePool"):
        enough = len(cases) + 110
        while len(cases) < enough:
            n = pick(1, 2, 2, 3)
            size, k, a = attributes(op, n)
            if op.endswith("Pool"):
                run(op, [1, *size, 2], a)
                continue
            groups, per_in, per_out = pick((1, 3, 2), (2, 2, 3), (4, 1, 2))
            if groups > 1:
                a["group"] = groups
            kernel = [*k, per_in, per_out * groups] if op == "Conv" else [*k, per_out, per_in * groups]
            run(op, [1, *size, per_in * groups], a, kernel)
    versions = {m.__name__: m.__version__ for m in (onnx, onnxruntime, np)} | {"opset": 22}
    data = json.dumps({"versions": versions, "cases": cases}, separators=(",", ":")).encode()
    HERE.with_name("onnx.json.gz").write_bytes(gzip.compress(data, mtime=0))
    print(len(cases), "cases", versions, dict(by))


if __name__ == "__main__":
    main()
