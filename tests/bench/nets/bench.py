"""ResNet20, MobileNetV2 and ShuffleNetV2, the last two with stems for images of
CIFAR-10, in convlab and in PyTorch: eager in both layouts, and compiled.
Training in batches of 128, inference of 100 images and of one. See ../README.md.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from turns import LAB, Bench, Program, go_build, options

BATCH = 128
NETWORKS = {"resnet20": "ResNet20", "mobilenetv2": "MobileNetV2", "shufflenetv2": "ShuffleNetV2"}
KINDS = {"PyTorch": "eager-nchw", "PyTorch, channels last": "eager", "torch.compile": "compile"}

NOTES = [
    "Every program gets the same images as uint8 in host memory and scales and normalises them itself. convlab is `train.Fit` and `Model.Predict` on the values of "
    "`cnnlib/nets`; PyTorch has torchvision's modules and a fused Adam; torch.compile has its weights in channels_last. The sizes of the networks are equal: "
    "[networks.md](networks.md) compares their logits.",
]


def main():
    args = options(rounds=5)
    order = LAB / "bench" / "order-nets"
    binary = go_build("./tests/bench/network")
    tasks = [("training, batch 128", ("train",), 2, BATCH), ("inference, batch 100", ("infer", 100), 4, 100), ("inference, batch 1", ("infer", 1), 40, 1)]
    chosen = [(n, t) for n in NETWORKS for t in tasks if args.only in f"{NETWORKS[n]} {t[0]}"]
    bench = Bench("nets", "ResNet20, MobileNetV2, ShuffleNetV2", "convlab", len(chosen), args.rounds)
    versions = {"GoMLX": "v0.28.1"}
    for name, title in NETWORKS.items():
        mine = [t for n, t in chosen if n == name]
        if not mine:
            continue
        go = Program(binary, "-data", LAB / "data", "-order", order, "-net", name, "-batch", BATCH)
        peers = {title: Program(sys.executable, pathlib.Path(__file__).parents[1] / "network" / "peer.py", kind, LAB / "data", order, name, BATCH)
                 for title, kind in KINDS.items()}
        for task, words, steps, work in mine:
            turns = {"convlab": go.turn("convlab", *words, steps=steps)} | {n: p.turn(*words, steps=steps) for n, p in peers.items()}
            bench.case(f"{title}, {task}", turns, "img/s", work)
        versions |= {"backend": go.about} | dict(p.about.split(",")[0].split(" ") for p in peers.values())
        for p in [go, *peers.values()]:
            p.process.kill()
    bench.save(versions=versions, notes=NOTES)


main()
