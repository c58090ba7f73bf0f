"""Networks of this package and ONNX, for TestONNX: too large to be kept.

    python exports.py write FOLDER [NETWORK...]  # exports of both of PyTorch's exporters, and onnxruntime's logits of them
    CONVLAB_NETWORKS=FOLDER go test .. -run ONNX -update -timeout 1h  # reads those, writes ours
    python exports.py run FOLDER                 # onnxruntime's logits of ours
    CONVLAB_NETWORKS=FOLDER go test .. -run 'ONNX|Table' -update -timeout 1h  # compares all

Needs torch 2.15, torchvision 0.29, timm 1.0.31, onnx 1.23, onnxscript 0.7 and
onnxruntime 1.32. FOLDER takes 6 GB.
"""
import json
import pathlib
import sys

import onnxruntime
import torch

from networks import NETWORKS, fill, image, normalised

onnxruntime.set_default_logger_severity(3)


def run(file, x):
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    (y,) = session.run(None, {session.get_inputs()[0].name: x})
    return y[0].reshape(y.shape[1], -1).T.ravel().tolist()  # channels last


def note(file, key, value):
    known = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps(known | {key: value}))


def size(name):
    """Height and width of the exported network's image: the older exporter has
    an adaptive pool only where its cells are alike."""
    return (224, 224) if name.startswith(("AlexNet", "VGG")) else NETWORKS[name].size


def write(folder, names):
    for name in names or NETWORKS:
        model = fill(NETWORKS[name].make(10))
        if name == "GoogLeNet":
            model.aux_logits, model.aux1, model.aux2 = False, None, None
        x = normalised(image(*size(name), 1))
        for exporter in ("dynamo", "legacy"):
            file = folder / f"{name}.{exporter}.onnx"
            torch.onnx.export(model, (x,), str(file), dynamo=exporter == "dynamo", verbose=False)
            note(folder / "theirs.json", file.name, {"image": [*size(name), 3], "logits": run(file, x.numpy())})
            print(file, flush=True)


def run_ours(folder):
    for file in sorted(folder.glob("*.convlab.onnx")):
        pixels = image(*size(file.name.split(".")[0]), 1)
        note(folder / "ours.json", file.name, {"logits": run(file, pixels.transpose(2, 0, 1)[None])})
        print(file, flush=True)


if __name__ == "__main__":
    what, folder, *names = sys.argv[1:]
    folder = pathlib.Path(folder)
    folder.mkdir(exist_ok=True)
    with torch.no_grad():
        write(folder, names) if what == "write" else run_ours(folder)
