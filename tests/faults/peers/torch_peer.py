"""Saves, loads and flips files of torch.save, as command peers does with
those of GoMLX and convlab: torch_peer.py save|load|flips DIR [N]
"""
import json
import pathlib
import random
import sys

import torch

what, folder = sys.argv[1], pathlib.Path(sys.argv[2])
file = folder / "model.pt"


def load():
    return torch.load(file, weights_only=True)


if what == "save":
    state = {"weights": torch.rand(250_000, generator=torch.Generator().manual_seed(1)), "step": 0}
    while True:
        state["step"] += 1
        torch.save(state, file)
        print("saved", flush=True)
elif what == "load":
    load()
else:
    good, content, rng = load(), file.read_bytes(), random.Random(7)
    out = {"Refused": 0, "Same": 0, "Wrong": 0, "Panics": 0}
    for _ in range(int(sys.argv[3])):
        flipped = bytearray(content)
        flipped[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        file.write_bytes(flipped)
        try:
            got = load()
            same = got["step"] == good["step"] and torch.equal(got["weights"].view(torch.int32), good["weights"].view(torch.int32))
            out["Same" if same else "Wrong"] += 1
        except Exception:
            out["Refused"] += 1
    file.write_bytes(content)
    print(json.dumps(out))
