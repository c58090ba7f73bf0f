"""Runs networks in onnxruntime: those that convlab wrote, and small ones made here as other programs write them.

    python -m venv /tmp/onnx && /tmp/onnx/bin/pip install onnx==1.23.2 onnxruntime==1.32.0
    mkdir /tmp/written && CONVLAB_ONNX_OUT=/tmp/written go test ./cnnlib/weights -count=1 -run TestONNXInOnnxruntime/go
    /tmp/onnx/bin/python cnnlib/weights/testdata/run_onnx.py /tmp/written

It writes onnx.json (logits and the SHA-256 of each file that was run) and made/*.onnx beside itself; the Go tests compare
with these. With --check it writes nothing and compares what onnxruntime gives now with onnx.json.
"""

import hashlib
import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent


def pixels(shape, n=2):
    """The images of pixelsFor in onnx_test.go: [n, spatial..., channels] there, channels first here."""
    flat = (np.arange(n * int(np.prod(shape))) * 37 % 251).astype(np.uint8)
    return np.moveaxis(flat.reshape(n, *shape), -1, 1)


def run(data, x):
    onnx.checker.check_model(onnx.load_from_string(data), full_check=True)
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    (y,) = session.run(None, {session.get_inputs()[0].name: x})
    return y


def rows(y):
    """A row of numbers for each image, with the channels last, as Predict gives them."""
    return np.moveaxis(y, 1, -1).reshape(len(y), -1).astype(float).tolist()


def written(folder):
    """Pixels in, logits out; each image alone too: the batch size is open."""
    out = {}
    for file in sorted(folder.glob("*.onnx")):
        data = file.read_bytes()
        dims = onnx.load_from_string(data).graph.input[0].type.tensor_type.shape.dim
        first = [d.dim_value for d in dims[1:]]
        x = pixels([*first[1:], first[0]])
        y = run(data, x)
        assert np.allclose(run(data, x[:1]), y[:1], rtol=1e-5, atol=1e-6)
        out[file.stem] = {"SHA256": hashlib.sha256(data).hexdigest(), "Logits": rows(y)}
    return out


class Maker:
    """A model of nodes in a row, as another program might write it."""

    def __init__(self, *shape, batch="N", opset=20, ir=9):
        self.shape, self.batch, self.opset, self.ir = list(shape), batch, opset, ir
        self.rng = np.random.default_rng(5)
        self.nodes, self.weights, self.value, self.extra = [], [], "x", []

    def weight(self, *shape, low=-0.5, high=0.5):
        return self.constant(self.rng.uniform(low, high, shape).astype(np.float32))

    def constant(self, array, raw=True):
        name = f"w{len(self.weights)}"
        if raw:
            t = numpy_helper.from_array(array, name)
        else:
            t = helper.make_tensor(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape, array.flatten().tolist())
        self.weights.append(t)
        return name

    def add(self, op, *inputs, **attrs):
        out = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, [self.value, *inputs], [out], name=f"n{len(self.nodes)}", **attrs))
        self.value = out
        return self

    def model(self):
        x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [self.batch, *self.shape])
        y = helper.make_tensor_value_info(self.value, TensorProto.FLOAT, [self.batch, "F"])
        g = helper.make_graph(self.nodes, "made", [x, *self.extra], [y], self.weights)
        return helper.make_model(g, opset_imports=[helper.make_opsetid("", self.opset)], ir_version=self.ir)


def made():
    m = {}

    def new(name, *shape, **more):
        m[name] = Maker(*shape, **more)
        return m[name]

    for lower in ("SAME_LOWER", "SAME_UPPER"):
        k = new(lower.lower(), 3, 10, 9)
        k.add("Conv", k.weight(4, 3, 4, 3), k.weight(4), auto_pad=lower, strides=[3, 2], kernel_shape=[4, 3])
        k.add("MaxPool", kernel_shape=[2, 2], auto_pad=lower).add("AveragePool", kernel_shape=[2, 3], auto_pad=lower, strides=[1, 2])
        k.add("Conv", k.weight(2, 4, 2, 2), auto_pad=lower).add("Flatten")
    k = new("dilated_groups", 4, 12, 11)
    k.add("Conv", k.weight(6, 2, 3, 2), k.weight(6), group=2, dilations=[2, 3], pads=[2, 0, 1, 3], strides=[1, 2]).add("Relu")
    k.add("Conv", k.weight(12, 1, 3, 3), group=6, auto_pad="VALID").add("Identity").add("Flatten", axis=1)
    for include in (0, 1):
        for ceil in (0, 1):
            k = new(f"average_include{include}_ceil{ceil}", 2, 10, 7)
            k.add("AveragePool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 0, 1, 1], ceil_mode=ceil, count_include_pad=include).add("Flatten")
    for ceil in (0, 1):
        k = new(f"max_ceil{ceil}", 2, 10, 8)
        k.add("MaxPool", kernel_shape=[3, 2], strides=[2, 3], pads=[1, 0, 1, 1], ceil_mode=ceil, dilations=[1, 2]).add("Flatten")
    k = new("transposed", 3, 5, 6)
    k.add("ConvTranspose", k.weight(3, 4, 3, 2), k.weight(4), strides=[2, 3], pads=[1, 0, 0, 1], output_padding=[1, 2], dilations=[1, 2])
    k.add("LeakyRelu", alpha=0.3).add("ConvTranspose", k.weight(4, 2, 2, 2), group=2).add("Elu", alpha=1.5).add("Flatten")
    k = new("transposed_same", 2, 5, 4)
    k.add("ConvTranspose", k.weight(2, 3, 3, 4), strides=[2, 1], auto_pad="SAME_UPPER").add("ConvTranspose", k.weight(3, 2, 4, 3), auto_pad="SAME_LOWER")
    k.add("ConvTranspose", k.weight(2, 2, 3, 3), strides=[2, 3], output_shape=[20, 11]).add("Flatten")
    k = new("dense", 2, 4, 4)
    k.add("Reshape", k.constant(np.array([0, -1]))).add("MatMul", k.weight(32, 6)).add("Add", k.weight(6)).add("Tanh").add("Mul", k.constant(np.array(3, np.float32)))
    k.add("Gemm", k.weight(6, 5), k.weight(1, 5)).add("Sigmoid").add("Gemm", k.weight(4, 5), transB=1).add("MatMul", k.weight(4, 3))
    k = new("fixed_batch", 2, 4, 4, batch=2)
    k.add("Reshape", k.constant(np.array([2, 32]), raw=False)).add("Gemm", k.constant(k.rng.normal(size=(32, 3)).astype(np.float32), raw=False))
    k = new("old", 3, 8, 8, opset=9, ir=3)  # weights among the inputs, ratio an attribute
    w, bn = k.weight(4, 3, 3, 3), [k.weight(4, low=0.5, high=1.5), k.weight(4), k.weight(4), k.weight(4, low=0.5, high=1.5)]
    k.add("Conv", w).add("BatchNormalization", *bn, epsilon=1e-3).add("Relu").add("Dropout", ratio=0.4).add("GlobalAveragePool")
    k.add("Flatten").add("Gemm", k.weight(4, 3), k.weight(3))
    k.extra = [helper.make_tensor_value_info(t.name, t.data_type, list(t.dims)) for t in k.weights]
    k = new("swish", 2, 6, 6, opset=24, ir=11)
    k.add("Conv", k.weight(3, 2, 3, 3)).add("Swish").add("Gelu")
    x = k.value
    k.add("Sigmoid").add("Mul", x).add("GlobalMaxPool").add("Reshape", k.constant(np.array([-1, 3])))
    k = new("constants", 1, 6)  # 1 spatial axis, a Constant node
    k.nodes.append(helper.make_node("Constant", [], ["kernel"], value=numpy_helper.from_array(k.rng.normal(size=(2, 1, 3)).astype(np.float32))))
    k.add("Conv", "kernel").add("Flatten")
    out = {}
    (HERE / "made").mkdir(exist_ok=True)
    for name, k in m.items():
        data = k.model().SerializeToString()
        x = pixels([*k.shape[1:], k.shape[0]]).astype(np.float32) / np.float32(255)
        y = run(data, x)
        out[name] = {"Shape": k.shape, "Output": rows(y)}
        if "--check" not in sys.argv:
            (HERE / "made" / f"{name}.onnx").write_bytes(data)
    for file in sorted((HERE / "made").glob("torch_*.onnx")):  # of torch_onnx.py
        shape = [d.dim_value for d in onnx.load(file).graph.input[0].type.tensor_type.shape.dim[1:]]
        y = run(file.read_bytes(), pixels([*shape[1:], shape[0]]).astype(np.float32) / np.float32(255))
        out[file.stem] = {"Shape": shape, "Output": rows(y)}
    return out


def main():
    got = {"Versions": {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__},
           "Written": written(pathlib.Path(sys.argv[1])), "Made": made()}
    file = HERE / "onnx.json"
    if "--check" not in sys.argv:
        file.write_text(json.dumps(got) + "\n")
        print(f"wrote {file}: {len(got['Written'])} networks of convlab, {len(got['Made'])} made here")
        return
    want = json.loads(file.read_text())
    for name, w in want["Written"].items():
        assert got["Written"][name]["SHA256"] == w["SHA256"], f"{name}: another file"
        a, b = np.array(got["Written"][name]["Logits"]), np.array(w["Logits"])
        print(f"{name}: logits within {np.abs(a - b).max() / np.abs(b).max():.1e} of onnx.json")
    for name, w in want["Made"].items():
        assert np.allclose(got["Made"][name]["Output"], w["Output"], rtol=1e-5, atol=1e-6), name


main()
