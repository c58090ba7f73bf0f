"""Runs StableHLO files that convlab wrote in JAX, and prints how far their logits are from onnxruntime's (onnx.json), which
the Go tests compare with convlab's.

    python -m venv /tmp/jax && /tmp/jax/bin/pip install jax==0.10.2
    mkdir /tmp/programs && CONVLAB_STABLEHLO_OUT=/tmp/programs go test ./cnnlib/weights -count=1 -run 'TestStableHLO$'
    /tmp/jax/bin/python cnnlib/weights/testdata/run_stablehlo.py /tmp/programs
"""

import json
import pathlib
import re
import sys

import jax
import numpy as np
from jax.extend import backend
from jax.interpreters import mlir
from jaxlib import xla_client
from jaxlib.mlir import ir

HERE = pathlib.Path(__file__).parent
LIMIT = 1e-5


def run(text, pixels):
    """Compiles MLIR text on the first device of JAX's default backend and runs it."""
    client = backend.get_backend()
    device = client.local_devices()[0]
    with mlir.make_ir_context():
        module = ir.Module.parse(text)
        program = client.compile_and_load(module, xla_client.DeviceList((device,)), xla_client.CompileOptions())
    return np.asarray(program.execute([jax.device_put(pixels, device)])[0])


def main():
    golden = json.loads((HERE / "onnx.json").read_text())["Written"]
    files = sorted(pathlib.Path(sys.argv[1]).glob("*.stablehlo"))
    assert {f.stem for f in files} == set(golden), "the files are not those of onnx.json"
    worst = 0
    for file in files:
        text = file.read_text()
        shape = [int(d) for d in re.search(r"@main\(%pixels: tensor<([0-9x]+)xui8>", text).group(1).split("x")]
        pixels = (np.arange(np.prod(shape)) * 37 % 251).astype(np.uint8).reshape(shape)  # pixelsFor in onnx_test.go
        got, want = run(text, pixels), np.array(golden[file.stem]["Logits"])
        got = got.reshape(len(want), -1)
        off = np.abs(got - want).max() / np.abs(want).max()
        worst = max(worst, off)
        print(f"{file.stem}: logits within {off:.1e} relative, JAX {jax.__version__} on {jax.default_backend()}")
    assert worst <= LIMIT, f"{worst:.1e} is more than {LIMIT}"


main()
