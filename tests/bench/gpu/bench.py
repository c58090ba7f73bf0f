"""Network 3.2 and ResNet20 on a GPU, in convlab and in PyTorch, eager and
compiled, in float32, in TF32 and in bfloat16. tests/gpu/run.sh runs it on a
machine with CUDA; with --device cpu it can be tried on one without.
"""
import os
import pathlib
import sys
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from turns import LAB, Bench, Program, go_build, options

PEER = pathlib.Path(__file__).resolve().parents[1] / "network" / "peer.py"
NETWORKS = {"3.2": ("Network 3.2", "lesson", 256), "resnet20": ("ResNet20", "resnet20", 128)}
PRECISIONS = {"float32": "", "TF32": ",tf32=true", "bfloat16": ",tf32=true"}  # options of convlab's backend
KINDS = {"PyTorch": "eager", "torch.compile": "compile"}

NOTES = [
    "Every program gets the same images as uint8 in host memory and sends each batch to the GPU; logits come back, and convlab reads the loss of each step, where PyTorch "
    "reads that of the last step of a turn. PyTorch has its weights in channels_last, `cudnn.benchmark` and a fused Adam. TF32 rounds the factors of float32 products to 10 bits: "
    "PyTorch allows it in convolutions unless it is told not to, convlab only where it is asked for it. bfloat16 is `Options.BFloat16` and PyTorch's autocast. "
    "[gpu.md](gpu.md) tells how to run this.",
]


def main():
    args = options(rounds=5, images="", net="", device="cuda")
    data = args.images or LAB / "data"
    binary, order = go_build("./tests/bench/network"), LAB / "bench" / "order-gpu"
    networks = {n: v for n, v in NETWORKS.items() if args.net in n}
    cases = [(net, precision) for net in networks for precision in PRECISIONS]
    bench = Bench("gpu", "On a GPU", "convlab", 2 * len(cases), args.rounds)

    def start(case):
        net, precision = case
        name, batch = networks[net][1:]
        flags = ["-bfloat16"] if precision == "bfloat16" else []
        ours = Program(binary, "-images" if args.images else "-data", data, "-order", f"{order}-{net}", "-net", net, "-batch", batch, *flags,
                       env=os.environ | {"GOMLX_BACKEND": f"xla:{args.device}{PRECISIONS[precision]}"})
        return {"convlab": ours} | {n: Program(sys.executable, PEER, kind, data, f"{order}-{net}", name, batch, args.device, precision.lower()) for n, kind in KINDS.items()}

    def warm(program, batch):
        first = ["convlab"] if program.command[0] == str(binary) else []
        program.ask(*first, "train", 2)
        program.ask(*first, "infer", 100, 2)

    with ThreadPoolExecutor(64) as pool:
        programs = dict(zip(cases, pool.map(start, cases)))
        # PyTorch compiles on the processor, all at once; XLA tries on the GPU what is fastest, one program after the other.
        peers = [pool.submit(warm, p, networks[net][2]) for (net, _), all in programs.items() for n, p in all.items() if n != "convlab"]
        for (net, _), all in programs.items():
            warm(all["convlab"], networks[net][2])
        for p in peers:
            p.result()
    for (net, precision), all in programs.items():
        title, _, batch = networks[net]
        for task, words, steps, work in [(f"training, batch {batch}", ("train",), 20, batch), ("inference, batch 100", ("infer", 100), 40, 100)]:
            turns = {n: p.turn(*(["convlab"] if n == "convlab" else []), *words, steps=steps) for n, p in all.items()}
            bench.case(f"{title}, {task}, {precision}", turns, "img/s", work)
    versions = {"GoMLX": "v0.28.1", "backend": programs[cases[0]]["convlab"].about}
    for p in programs[cases[0]].values():
        if " " in p.about:
            versions |= [p.about.split(",")[0].split(" ")]
            bench.result["machine"]["processor"] = p.about.split(", ")[1] + " beside " + bench.result["machine"]["processor"].split(" beside ")[-1]
    for p in [p for all in programs.values() for p in all.values()]:
        p.process.kill()
    bench.save(versions=versions, notes=NOTES)


main()
