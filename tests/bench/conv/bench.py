"""Every convolution layer, forward and backward and forward alone, beside PyTorch
in both its memory layouts. See ../README.md. Options: --rounds N, --only WORD.
"""
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from turns import Bench, Program, go_build, options  # before torch: it sets how PyTorch's threads wait

import torch
from torch import nn

SIZES = ["32,32,32,32", "32,16,16,128", "32,56,56,64", "32,8,32,32,16"]
VARIANTS = ["standard", "strided", "1x1", "transposed", "transposed4", "dilated", "spatial", "depthwise", "separable",
            "flattened", "grouped", "shuffled"]
LARGE = "1,64,64,64,32"  # openxla/xla issue 34273: XLA on the CPU is slow at 3D convolutions from 32 to 64 channels


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
        "doubled": lambda: conv(c, 2 * c, 3, padding=1),
        "shuffled": lambda: nn.Sequential(conv(c, c, 3, padding=1, groups=4), Shuffle(4)),
    }[variant]()


class Torch:
    def __init__(self, variant, size, direction, channels_last):
        self.step = self.both if direction == "both" else self.forward
        b, *spatial, c = map(int, size.split(","))
        self.net = module(variant, c, len(spatial))
        x = torch.rand(b, c, *spatial) * 2 - 1
        if channels_last:
            layout = torch.channels_last if len(spatial) == 2 else torch.channels_last_3d
            self.net, x = self.net.to(memory_format=layout), x.to(memory_format=layout)
        self.x = x.requires_grad_()
        y = self.net(self.x)
        self.v = torch.rand_like(y)

    def both(self):
        self.x.grad = None
        self.net.zero_grad(set_to_none=True)
        self.net(self.x).backward(self.v)

    @torch.inference_mode()
    def forward(self):
        self.net(self.x)

    def run(self, steps):
        start, used = time.perf_counter(), time.process_time()
        for _ in range(steps):
            self.step()
        return steps, time.perf_counter() - start, time.process_time() - used


def steps_for(seconds):
    return max(1, min(20, round(0.025 / seconds)))  # short turns: a busy machine spoils fewer of them


NOTES = [
    "Input: batch, spatial sizes, channels; as many output channels, but twice as many of doubled. 3x3 kernels, stride 1 and padding 1 but for strided and "
    "transposed (stride 2; transposed4 with a 4x4 kernel), dilated (dilation 2) and 1x1; 4 groups. With bias. Rows without a word behind the size are forward and "
    "backward, with the gradients of input, kernel and bias. The aim is 1.0 beside the faster of PyTorch's two layouts, 1.3 for grouped and shuffled.",
    "On this backend the three maps are computed by our own kernels (internal/kernels), which XLA calls; what joins several layers is XLA's. "
    f"doubled {LARGE} is the case of openxla/xla issue 34273, in which XLA's own 3D convolution is many times slower than PyTorch's.",
]


def main():
    args = options(rounds=7)
    go = Program(go_build("./tests/bench/conv"))
    layers = [(v, s) for s in SIZES for v in VARIANTS] + [("doubled", LARGE)]
    cases = [(v, s, d) for d in ("both", "forward") for v, s in layers if args.only in f"{v} {s} {d}"]
    bench = Bench("conv", "Convolution layers", "convlab", len(cases), args.rounds)
    compile_seconds = []
    for variant, size, direction in cases:
        compile_seconds.append((go.ask(variant, size, "/", direction, 1)[2], variant, size))
        peers = {"PyTorch": Torch(variant, size, direction, False), "PyTorch, channels last": Torch(variant, size, direction, True)}
        programs = {"convlab": go.turn(variant, size, "/", direction, steps=steps_for(go.ask(variant, size, "/", direction, 1)[0]))}
        for name, p in peers.items():
            steps = steps_for(p.run(2)[1] / 2)
            programs[name] = lambda p=p, steps=steps: p.run(steps)
        bench.case(f"{variant} {size}" + (", forward" if direction == "forward" else ""), programs, "ms")
    slowest = max(compile_seconds)
    bench.save(versions={"GoMLX": "v0.28.1", "backend": go.about, "torch": f"{torch.__version__}, {torch.get_num_threads()} threads"},
               notes=NOTES + [f"Compiling took up to {slowest[0]:.1f} s ({slowest[1]} {slowest[2]})."])


if __name__ == "__main__":
    main()
