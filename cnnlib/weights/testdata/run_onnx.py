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
    """The output of a model, given as bytes or as the name of a file."""
    if isinstance(data, bytes):
        onnx.checker.check_model(onnx.load_from_string(data), full_check=True)
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    (y,) = session.run(None, {session.get_inputs()[0].name: x})
    return y


def rows(y):
    """A row of numbers for each image, with the channels last, as Predict gives them."""
    return [[float(f"{v:.8g}") for v in row] for row in np.moveaxis(y, 1, -1).reshape(len(y), -1)]


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
        self.flat = True  # what it gives

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
        """A node on the value so far."""
        self.value = self.node(op, self.value, *inputs, **attrs)
        return self

    def node(self, op, *inputs, outputs=1, **attrs):
        """A node on any values; its output, or outputs."""
        out = [f"v{len(self.nodes)}" + "abcdefgh"[i] * (outputs > 1) for i in range(outputs)]
        self.nodes.append(helper.make_node(op, inputs, out, name=f"n{len(self.nodes)}", **attrs))
        return out[0] if outputs == 1 else out

    def number(self, v):
        return self.constant(np.array(v, np.float32))

    def ints(self, *v):
        return self.constant(np.array(v, np.int64))

    def conv(self, x, channels, out, kernel=1, **attrs):
        return self.node("Conv", x, self.weight(out, channels, kernel, kernel), self.weight(out), pads=[kernel // 2] * 4, **attrs)

    def model(self):
        x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [self.batch, *self.shape])
        y = helper.make_tensor_value_info(self.value, TensorProto.FLOAT, [self.batch, *(["F"] if self.flat else ["C", "H", "W"])])
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
    branching(new)
    out = {}
    (HERE / "made").mkdir(exist_ok=True)
    for name, k in m.items():
        data = k.model().SerializeToString()
        x = pixels([*k.shape[1:], k.shape[0]]).astype(np.float32) / np.float32(255)
        y = run(data, x)
        out[name] = {"Shape": k.shape, "Output": rows(y)}
        if "--check" not in sys.argv:
            (HERE / "made" / f"{name}.onnx").write_bytes(data)
    for file in sorted((HERE / "made").glob("*.onnx")):  # of torch_onnx.py, torch_branches.py, and from elsewhere
        if file.stem in m:
            continue
        dims = [d.dim_value for d in onnx.load(file).graph.input[0].type.tensor_type.shape.dim]
        shape = [d or size for d, size in zip(dims[1:], [0, 20, 12])]  # what is open
        y = run(str(file), pixels([*shape[1:], shape[0]], dims[0] or 2).astype(np.float32) / np.float32(255))
        out[file.stem] = {"Shape": shape, "Output": rows(y)}
    return out


def branching(new):
    """Networks that branch, and operators in the forms that other programs give them."""
    k = new("branch_dense", 3, 6, 5)  # a dense block, one concatenation within another, and channels used again in order
    k.flat = False
    x = k.conv(k.value, 3, 4, 3)
    parts = [x]
    for i in range(3):
        parts.append(k.conv(k.node("Relu", k.node("Concat", *parts, axis=1) if i else x), 4 + 2 * i, 2, 3))
    y = k.node("Concat", *parts, axis=-3)
    a = k.node("Relu", k.conv(y, 10, 3))
    b = k.conv(a, 3, 3, 3)
    k.value = k.node("Concat", y, a, b, k.conv(b, 3, 2), axis=1)
    k = new("branch_sums", 4, 6, 6)  # x + f(x) + g(f(x)), sums of many, differences, a square
    k.flat = False
    x = k.value
    a = k.conv(x, 4, 4, 3)
    y = k.node("Add", k.node("Add", x, a), k.node("Tanh", k.conv(a, 4, 4)))
    y = k.node("Sum", y, k.conv(y, 4, 4), k.node("Sub", k.node("Sigmoid", y), k.conv(y, 4, 4, 3)), y)
    k.value = k.node("Mul", y, k.node("Mul", k.node("Neg", y), k.node("Sub", k.number(1), y)))
    k = new("branch_squeeze", 6, 5, 4)  # pooled without axes, and with: joined to the image again
    x = k.value
    s = k.node("Squeeze", k.node("GlobalAveragePool", x), k.ints(2, 3))
    s = k.node("Relu", k.node("Gemm", s, k.weight(6, 3), k.weight(3)))
    s = k.node("Unsqueeze", k.node("Add", k.node("MatMul", s, k.weight(3, 6)), k.weight(6)), k.ints(-1, -2))
    x = k.node("Mul", k.node("HardSigmoid", s, alpha=1 / 6), x)
    s = k.node("Unsqueeze", k.node("ReduceMax", x, k.ints(-1, -2), keepdims=0), k.ints(2, 3))
    s = k.node("Sigmoid", k.conv(s, 6, 6))
    k.value = k.node("Flatten", k.node("Mul", x, s), axis=-3)
    k = new("branch_shuffle", 6, 4, 5)  # channels split by sizes, in parts and by slices; shuffled
    k.flat = False
    a, b = k.node("Split", k.value, k.ints(2, 4), axis=1, outputs=2)
    y = k.node("Concat", k.conv(b, 4, 4, 3, group=1), a, axis=1)
    y = k.node("Reshape", k.node("Transpose", k.node("Reshape", y, k.ints(0, 3, 2, 4, 5)), perm=[0, 2, 1, 3, 4]), k.ints(-1, 6, 4, 5))
    a, b, c = k.node("Split", y, axis=-3, num_outputs=3, outputs=3)
    y = k.node("Concat", a, k.node("Concat", k.conv(b, 2, 2), k.node("Relu", c), axis=1), axis=1)
    low, high = k.node("Slice", y, k.ints(0), k.ints(-2), k.ints(1)), k.node("Slice", y, k.ints(-2, 0), k.ints(2**62, 99), k.ints(1, 2), k.ints(1, 1))
    k.value = k.node("Concat", k.node("Elu", high), low, axis=1)
    k = new("written_out", 4, 6, 5)  # hard swish, hard sigmoid, swish and GELU as arithmetic
    k.flat = False
    x = k.conv(k.value, 4, 4, 3)
    x = k.node("Div", k.node("Mul", x, k.node("Clip", k.node("Add", x, k.number(3)), k.number(0), k.number(6))), k.number(6))
    x = k.node("Mul", k.node("Mul", x, k.number(4)), k.number([[[2]], [[3]], [[-1]], [[1]]]))
    x = k.node("Mul", k.node("Clip", k.node("Add", k.number(3), x), k.number(0), k.number(6)), k.number(1 / 6))
    x = k.conv(x, 4, 4)
    x = k.node("Mul", k.node("Sigmoid", x), x)
    x = k.node("Mul", k.node("Mul", x, k.node("Add", k.node("Erf", k.node("Div", x, k.number(2**0.5))), k.number(1))), k.number(0.5))
    x = k.node("Mul", k.node("Mul", k.number(0.5), x), k.node("Add", k.node("Erf", k.node("Mul", x, k.number(0.5**0.5))), k.number(1)))
    x = k.node("Sub", k.node("Relu", x), k.weight(4, 1, 1))  # an affine layer by itself
    x = k.node("Div", k.node("Tanh", x), k.weight(1, 4, 1, 1, low=1, high=2))
    k.value = k.node("Clip", k.node("Add", k.node("Sigmoid", x), k.number(-0.5)), k.number(0))
    k = new("gemm", 3, 4)  # alpha, beta, transA, features scaled and shifted
    x = k.node("Gemm", k.node("Flatten", k.value, axis=-2), k.weight(12, 5), k.weight(1, 5), alpha=0.5, beta=-2.0)
    x = k.node("Gemm", k.node("Transpose", k.node("Relu", x), perm=[1, 0]), k.weight(4, 5), k.number(0.3), transA=1, transB=1, alpha=2.0)
    x = k.node("Add", k.node("Mul", k.node("Tanh", x), k.weight(4)), k.weight(1, 4))
    x = k.node("Sub", k.node("MatMul", k.node("Relu", x), k.weight(4, 6)), k.weight(6))
    x = k.node("Softmax", k.node("Add", k.node("Sigmoid", x), k.weight(6)))
    k.value = k.node("LogSoftmax", x, axis=1)
    k = new("constants_all", 2, 5, 4, batch=2)  # every form of a constant, and what is computed from them
    k.nodes.append(helper.make_node("Constant", [], ["c0"], value_float=0.5))
    k.nodes.append(helper.make_node("Constant", [], ["c1"], value_floats=[1.0, 2.0, 3.0, -1.0, 0.5, 0.25]))
    k.nodes.append(helper.make_node("Constant", [], ["c2"], value_int=2))
    k.nodes.append(helper.make_node("Constant", [], ["c3"], value_ints=[3, 2, 1, 1]))
    w = k.node("Reshape", k.node("Identity", "c1"), "c3")
    w = k.node("Sqrt", k.node("Add", k.node("Mul", w, w), "c0"))
    b = k.node("Slice", k.node("Transpose", k.node("Concat", "c1", "c1", axis=0)), k.ints(-1), k.ints(0), k.ints(0), k.ints(-4))
    x = k.node("Conv", k.node("Mul", k.value, "c0"), w, b)
    size = k.node("Shape", x)
    last = k.node("Gather", size, k.ints(3))
    to = k.node("Concat", k.node("Gather", size, k.ints(0)), k.node("Mul", k.node("Div", last, k.node("Unsqueeze", "c2", k.ints(0))), k.ints(30)), axis=0)
    k.value = k.node("Reshape", x, k.node("Cast", to, to=TensorProto.INT64))
    k = new("norms", 6, 4, 5, opset=21, ir=10)
    k.flat = False
    k.add("InstanceNormalization", k.weight(6), k.weight(6), epsilon=1e-3).add("GroupNormalization", k.weight(6), k.weight(6), num_groups=3)
    k.add("LRN", size=3, alpha=0.3, beta=0.6, bias=1.5)
    x = k.node("LayerNormalization", k.node("Transpose", k.value, perm=[0, 2, 3, 1]), k.weight(6), k.weight(6))
    x = k.node("Gelu", k.node("Add", k.node("MatMul", x, k.weight(6, 8)), k.weight(8)))
    k.value = k.node("Transpose", k.node("MatMul", x, k.weight(8, 5)), perm=[0, 3, 1, 2])
    k.add("PRelu", k.weight(5, 1, 1)).add("PRelu", k.weight(1)).add("LayerNormalization", k.constant(np.full((5, 4, 5), 2, np.float32)), axis=1).add("Softmax", axis=1)
    k = new("resized", 3, 5, 4, batch=2)
    k.flat = False
    scales = k.constant(np.array([1, 1, 2, 3], np.float32))
    k.add("Resize", "", scales, mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    k.add("Resize", "", "", k.ints(7, 30), mode="linear", coordinate_transformation_mode="half_pixel", axes=[2, 3])
    k.add("Resize", "", "", k.ints(2, 3, 9, 13), mode="linear", coordinate_transformation_mode="align_corners")
    k.add("Resize", "", k.constant(np.array([2], np.float32)), axes=[3])  # nearest, half_pixel
    k.add("Pad", k.ints(1, 2, 0, 3), k.number(-0.5), k.ints(2, 3)).add("Pad", k.ints(0, 0, 1, 1, 0, 0, 1, 1), mode="reflect").add("Pad", k.ints(0, 0, 1, 0, 0, 0, 0, 2), mode="edge")
    k = new("old_forms", 4, 6, 5, opset=9, ir=4)  # attributes that became inputs
    k.add("Upsample", k.constant(np.array([1, 1, 2, 2], np.float32)), mode="nearest").add("Clip", min=0.0, max=6.0).add("Pad", pads=[0, 0, 1, 2, 0, 0, 0, 1], value=0.5)
    k.add("Slice", starts=[1], ends=[3], axes=[1]).add("ReduceMean", axes=[2, 3], keepdims=1).add("Squeeze", axes=[2, 3]).add("Unsqueeze", axes=[2, 3])
    k.value = k.node("Concat", k.value, k.node("Clip", k.value, min=0.0), axis=1)
    k.add("Flatten").add("Softmax")


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
