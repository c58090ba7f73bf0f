"""Network 3.2 in convlab, plain GoMLX, PyTorch (eager and torch.compile) and
JAX: training in batches of 256, inference of 100 images and of one, and the
product of two large matrices for the machine's roof. See ../README.md.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from turns import LAB, Bench, Program, go_build, options

MACS = 30 * 30 * 32 * 27 + 13 * 13 * 128 * 288 + 4608 * 2048 + 2048 * 1024 + 1024 * 10  # of one image forward
IMAGE_FLOPS = 2 * MACS
TRAIN_FLOPS = 6 * MACS - 2 * 30 * 30 * 32 * 27  # and both gradients, but for the image's own
SIDE = 2048
STEPS = 3  # a turn of training

NOTES = [
    "Every program gets the same images as uint8 in host memory and scales and normalises them itself. convlab is `train.Fit` and "
    "`Model.Predict`, plain GoMLX the graph of GoMLX's own layers, loss and Adam on the same XLA. PyTorch has its weights in channels_last "
    "and a fused Adam, the faster choice of two each here; its threads do not spin while they wait (OMP_WAIT_POLICY=passive), which was faster beside "
    "other programs. JAX has one jitted step with donated state, the pool as strided maxima and the rbg generator for dropout.",
    "The last columns tell how near each program is to the speed of a large matrix product, with the operations that the layers' definitions need. "
    "convlab takes fewer for 3x3 kernels (Winograd), so it may come nearer than the same arithmetic could.",
    "One image at a time reads 46 MB of weights for 37 million operations: there every program waits for memory. At the 71 GB/s at which 32 million numbers were added up in another run of these "
    "benches the weights alone take 0.65 ms, which is 1,540 img/s.",
]


def main():
    args = options(rounds=9)
    order = LAB / "bench" / "order"
    go = Program(go_build("./tests/bench/network"), "-data", LAB / "data", "-order", order)
    peer = lambda kind: Program(sys.executable, pathlib.Path(__file__).with_name("peer.py"), kind, LAB / "data", order)
    eager, compiled, jax = peer("eager"), peer("compile"), peer("jax")
    programs = {"convlab": (go, "convlab"), "plain GoMLX": (go, "plain"), "PyTorch eager": (eager,), "torch.compile": (compiled,), "JAX": (jax,)}
    tasks = [
        ("training, batch 256", ("train",), STEPS, "img/s", 256, 256 * TRAIN_FLOPS, programs),
        ("inference, batch 100", ("infer", 100), 20, "img/s", 100, 100 * IMAGE_FLOPS, programs),
        ("inference, batch 1", ("infer", 1), 200, "img/s", 1, IMAGE_FLOPS, programs),
        ("matrix product 2048³", ("gemm", SIDE), 10, "GFLOP/s", 2 * SIDE**3 / 1e9, 2 * SIDE**3,
         {k: v for k, v in programs.items() if k in ("convlab", "PyTorch eager", "JAX")}),
    ]
    notes = list(NOTES)
    tasks = [t for t in tasks if args.only in t[0]]
    bench = Bench("network", "Network 3.2", "convlab", len(tasks), args.rounds)
    for name, words, steps, unit, work, flops, who in tasks:
        turns = {n: p.turn(*prefix, *words, steps=steps) for n, (p, *prefix) in who.items()}
        bench.case(name, turns, unit, work, flops)
        if words == ("train",):
            losses = ", ".join(f"{n} {p.ask(*prefix, 'train', 1)[2]:.2f}" for n, (p, *prefix) in who.items())
            notes.append(f"After {(args.rounds + 1) * STEPS + 1} steps the loss is: {losses}.")
    about = dict(p.about.split(",")[0].split(" ") for p in (eager, jax))
    bench.save(versions={"GoMLX": "v0.28.1", "backend": go.about} | about, roof=tasks[-1][0] if tasks[-1][1][0] == "gemm" else "", notes=notes)


main()
