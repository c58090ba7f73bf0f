"""Writes the files of PyTorch that the tests read, and checks in PyTorch and
safetensors the files that the tests write. Needs torch, numpy, safetensors.

    python golden.py                                  writes PyTorch's files
    go test ./cnnlib/weights -run Golden -update      writes convlab.pth and convlab.safetensors
    python golden.py                                  reads those, and writes the rest
"""
import base64
import json
import pathlib

import numpy as np
import safetensors
import safetensors.torch
import torch
from torch import nn

here = pathlib.Path(__file__).parent
torch.set_num_threads(1)


def raw(t):
    """The bytes of a tensor in row-major order."""
    return base64.b64encode(t.detach().contiguous().flatten().view(torch.uint8).numpy().tobytes()).decode() if t.numel() else ""


# 1. Every type, and every way in which a tensor can lie in its storage.
base = torch.arange(24, dtype=torch.float32) / 7 - 1
shared = torch.arange(6.0)
odd = {
    "f64": torch.tensor([1.5, -2.25e-300], dtype=torch.float64),
    "f32": base.reshape(2, 3, 4).clone(),
    "f16": torch.tensor([1.0, -0.333, 65504.0, 6e-8], dtype=torch.float16),
    "bf16": torch.tensor([1.0, -0.333, 3e38], dtype=torch.bfloat16),
    "i64": torch.tensor([1, -(2**40)]),
    "i32": torch.tensor([7, -(2**31)], dtype=torch.int32),
    "i16": torch.tensor([7, -32768], dtype=torch.int16),
    "i8": torch.tensor([7, -128], dtype=torch.int8),
    "u8": torch.tensor([7, 255], dtype=torch.uint8),
    "bool": torch.tensor([True, False, True]),
    "scalar": torch.tensor(3.25),
    "empty": torch.zeros(0, 3),
    "transposed": base.reshape(4, 6).t(),
    "part": base.reshape(4, 6)[1:3, 2:5],
    "tied.one": shared,
    "tied.two": shared,
    "parameter": nn.Parameter(torch.tensor([[0.5, -0.5]])),
}
torch.save({"epoch": 3, "rate": 0.125, "done": False, "note": None, "sizes": [1, 2], "state_dict": odd}, here / "odd.pth")
want = {"state_dict." + k: {"dtype": str(v.dtype), "shape": list(v.shape), "data": raw(v)} for k, v in odd.items()}

# 2. A network: the same weights give the same logits.
torch.manual_seed(1)
net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 5))
pixels = (np.arange(2 * 8 * 8 * 3) * 37 % 256).astype(np.uint8).reshape(2, 8, 8, 3)
x = torch.from_numpy(pixels.astype(np.float32) / np.float32(255)).permute(0, 3, 1, 2).contiguous()
logits = net.eval()(x).detach().numpy().astype(float).tolist()
torch.save(net.state_dict(), here / "net.pth")
safetensors.torch.save_file(net.state_dict(), here / "net.safetensors")

# 3. What the tests wrote is what PyTorch reads, in each of its ways, and what
# it saves again is for the tests to read.
if not (here / "convlab.pth").exists():
    raise SystemExit("now the Go test with -update, then this again")
ours = torch.load(here / "convlab.pth", weights_only=True)
mapped = torch.load(here / "convlab.pth", weights_only=True, mmap=True)
safe = safetensors.torch.load_file(here / "convlab.safetensors")
assert list(ours) == list(net.state_dict()), list(ours)
for name in ours:
    assert raw(ours[name]) == raw(mapped[name]) == raw(safe[name]) == raw(net.state_dict()[name]), name
net.load_state_dict(ours)
torch.save(ours, here / "again.pth")

versions = {"torch": torch.__version__, "numpy": np.__version__, "safetensors": safetensors.__version__}
(here / "golden.json").write_text(json.dumps({"versions": versions, "odd": want, "logits": logits}, indent=1) + "\n")
print("all equal", versions)
