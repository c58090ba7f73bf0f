"""Times every convolution layer, forward and backward, here and in PyTorch:
for each case the two take turns, several rounds in one run, and the medians
are compared. Run by `make bench`, or: python conv.py (needs torch; go on the
PATH). Options: --rounds N, --only WORD, --plans (compare our formulations
instead of PyTorch).
"""
import argparse
import os
import pathlib
import subprocess
import time

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # threads that wait should not count as work

import torch
from torch import nn

ROOT = pathlib.Path(__file__).resolve().parents[3]
SIZES = ["32,32,32,32", "32,16,16,128", "32,56,56,64", "32,8,32,32,16"]
VARIANTS = ["standard", "strided", "1x1", "transposed", "transposed4", "dilated", "spatial", "depthwise", "separable",
            "flattened", "grouped", "shuffled"]


class Shuffle(nn.Module):
    def __init__(self, groups):
        super().__init__()
        self.groups = groups

    def forward(self, x):
        return nn.functional.channel_shuffle(x, self.groups)


def module(variant, c, axes):
    conv = [None, nn.Conv1d, nn.Conv2d, nn.Conv3d][axes]
    trans = [None, nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d][axes]

    def along(axis, **more):
        k, p = [1] * axes, [0] * axes
        k[axis], p[axis] = 3, 1
        return conv(c, c, k, padding=p, bias=axis == axes - 1, **more)

    return {
        "standard": lambda: conv(c, c, 3, padding=1),
        "strided": lambda: conv(c, c, 3, padding=1, stride=2),
        "1x1": lambda: conv(c, c, 1),
        "transposed": lambda: trans(c, c, 3, stride=2, padding=1, output_padding=1),
        "transposed4": lambda: trans(c, c, 4, stride=2, padding=1),
        "dilated": lambda: conv(c, c, 3, padding=2, dilation=2),
        "spatial": lambda: nn.Sequential(*[along(i) for i in range(axes)]),
        "depthwise": lambda: conv(c, c, 3, padding=1, groups=c),
        "separable": lambda: nn.Sequential(conv(c, c, 3, padding=1, groups=c), conv(c, c, 1)),
        "flattened": lambda: nn.Sequential(conv(c, c, 1, bias=False), *[along(i, groups=c) for i in range(axes)]),
        "grouped": lambda: conv(c, c, 3, padding=1, groups=4),
        "shuffled": lambda: nn.Sequential(conv(c, c, 3, padding=1, groups=4), Shuffle(4)),
    }[variant]()


class Torch:
    def __init__(self, variant, size, channels_last):
        b, *spatial, c = map(int, size.split(","))
        self.net = module(variant, c, len(spatial))
        x = torch.rand(b, c, *spatial) * 2 - 1
        if channels_last:
            layout = torch.channels_last if len(spatial) == 2 else torch.channels_last_3d
            self.net, x = self.net.to(memory_format=layout), x.to(memory_format=layout)
        self.x = x.requires_grad_()
        y = self.net(self.x)
        self.v = torch.rand_like(y)

    def run(self, steps):
        start, used = time.perf_counter(), time.process_time()
        for _ in range(steps):
            self.x.grad = None
            self.net.zero_grad(set_to_none=True)
            self.net(self.x).backward(self.v)
        return (time.perf_counter() - start) * 1e3 / steps, (time.process_time() - used) * 1e3 / steps


class Ours:
    def __init__(self):
        binary = pathlib.Path(subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True).stdout.strip()) / "conv"
        subprocess.run(["go", "build", "-o", binary, "./tests/bench/conv"], cwd=ROOT, check=True)
        self.process = subprocess.Popen([binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.backend = self.process.stdout.readline().strip()

    def ask(self, variant, size, plan, steps):
        print(variant, size, plan or "/", steps, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline().strip()
        if not line or line.startswith("error"):
            raise RuntimeError(f"{variant} {size} {plan}: {line or 'the program ended'}")
        return tuple(map(float, line.split()))  # by the clock, of processor time


def steps_for(ms):
    return max(1, min(20, round(25 / ms)))  # short turns: a busy machine spoils fewer of them


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="")
    parser.add_argument("--plans", action="store_true")
    args = parser.parse_args()
    ours = Ours()
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads; ours on {ours.backend}; best of {args.rounds} rounds")
    cases = [(v, s) for s in SIZES for v in VARIANTS if args.only in f"{v} {s}"]
    if args.plans:
        for variant, size in cases:
            plans(ours, variant, size, args.rounds)
        return
    print("| layer | input | PyTorch ms | channels last ms | ours ms | ratio | in processor time | ratio to the faster layout | in processor time | compile ms |\n|" + "---|" * 10)
    for variant, size in cases:
        compile_ms = ours.ask(variant, size, "", 0)[0]
        programs = [Torch(variant, size, False), Torch(variant, size, True)]
        first = [p.run(2)[0] for p in programs] + [ours.ask(variant, size, "", 2)[0]]
        times = [[], [], []]
        for _ in range(args.rounds):
            for i in range(2):
                times[i].append(programs[i].run(steps_for(first[i])))
            times[2].append(ours.ask(variant, size, "", steps_for(first[2])))
        (a, ac), (b, bc), (c, cc) = [[min(t[i] for t in ts) for i in range(2)] for ts in times]
        print(f"| {variant} | {size} | {a:.2f} | {b:.2f} | {c:.2f} | {a / c:.2f} | {ac / cc:.2f} | {min(a, b) / c:.2f} | {min(ac, bc) / cc:.2f} | {compile_ms:.0f} |", flush=True)


def plans(ours, variant, size, rounds):
    """One map at a time, the other two as chosen; processor time."""
    four = ["native", "im2col", "shifted"] + (["elementwise"] if variant in ("depthwise", "grouped") else [])
    choices = [f"{f}//" for f in four] + [f"/{i}/" for i in ("native", "phases", "merged")] + [f"//{k}" for k in four]
    times = {p: [] for p in [""] + choices}
    for p in times:
        ours.ask(variant, size, p, 2)
    for _ in range(rounds):
        for p in times:
            times[p].append(ours.ask(variant, size, p, 3)[1])
    base = min(times[""])
    print(f"{variant} {size}: chosen {base:.2f} ms; " + ", ".join(f"{p} {min(t):.2f}" for p, t in times.items() if p), flush=True)


if __name__ == "__main__":
    main()
