"""Every convolution layer, forward and backward and forward alone, beside PyTorch
in both its memory layouts. See ../README.md. Options: --rounds N, --only WORD.
"""
import math
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from turns import LAB, Bench, Program, go_build, options  # before torch: it sets how PyTorch's threads wait

import torch
from torch import nn

SIZES = ["32,32,32,32", "32,16,16,128", "32,56,56,64", "32,8,32,32,16"]
VARIANTS = ["standard", "strided", "1x1", "transposed", "transposed4", "dilated", "spatial", "depthwise", "separable",
            "flattened", "grouped", "shuffled"]
SIDE, FLOATS = 2048, 1 << 25  # of what the machine's roof is measured with
DENSE = ["100,4608", "256,4608"]  # the first dense layer of network 3.2, to 2048 features
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
        "dense": lambda: nn.Linear(c, 2048),
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
        return timed(self.step, steps)


def timed(step, steps):
    start, used = time.perf_counter(), time.process_time()
    for _ in range(steps):
        step()
    return steps, time.perf_counter() - start, time.process_time() - used


def needed(net, batch, spatial, both):
    """What the layers' definition needs at least: floating-point operations,
    without those for zeros of the padding, and bytes of arrays and weights, each
    map's own."""
    flops = floats = 0
    for m in net if isinstance(net, nn.Sequential) else [net]:
        if isinstance(m, Shuffle):
            floats += 2 * batch * channels * math.prod(spatial) * (2 if both else 1)
            continue
        if isinstance(m, nn.Linear):
            flops += 2 * batch * m.weight.numel() * (3 if both else 1)
            floats += (batch * (m.in_features + m.out_features) + m.weight.numel()) * (3 if both else 1)
            continue
        pairs, out = 1, []  # of an output and a tap that meet the input
        for n, k, s, d, p, more in zip(spatial, m.kernel_size, m.stride, m.dilation, m.padding, m.output_padding):
            if m.transposed:
                out.append((n - 1) * s - 2 * p + d * (k - 1) + more + 1)
                far, near = out[-1], n
            else:
                out.append((n + 2 * p - d * (k - 1) - 1) // s + 1)
                far, near = n, out[-1]
            pairs *= sum(0 <= i * s - p + t * d < far for i in range(near) for t in range(k))
        weights = m.weight.numel()
        flops += 2 * batch * pairs * weights // math.prod(m.kernel_size) * (3 if both else 1)
        channels = m.out_channels
        floats += (batch * (m.in_channels * math.prod(spatial) + channels * math.prod(out)) + weights) * (3 if both else 1)
        spatial = out
    return flops, 4 * floats


def steps_for(seconds):
    return max(1, min(20, round(0.025 / seconds)))  # short turns: a busy machine spoils fewer of them


NOTES = [
    "Input: batch, spatial sizes, channels; as many output channels, but twice as many of doubled. 3x3 kernels, stride 1 and padding 1 but for strided and "
    "transposed (stride 2; transposed4 with a 4x4 kernel), dilated (dilation 2) and 1x1; 4 groups. dense is the first dense layer of network 3.2: batch and inputs, to 2048 outputs. "
    "With bias. Rows without a word behind the size are forward and "
    "backward, with the gradients of input, kernel and bias. The aim is 1.0 beside the faster of PyTorch's two layouts, 1.3 for grouped and shuffled.",
    "Of the roof: how near convlab is to the time that the operations of the definition take at the speed of a large matrix product, or the arrays of each map, "
    "each read or written once, at the speed of memory, whichever is longer. A row above 100 % has fewer operations (Winograd) or finds its arrays in a cache. Where a row "
    "is below its aim and near the roof, only another algorithm can be faster. Tried and not kept: a kernel for the shuffle of channels (a sixth less time for shuffled "
    "32,16,16,128 forward, nothing at 56x56 and in ShuffleNetV2's training).",
    "On this backend the three maps are computed by our own kernels (internal/kernels), which XLA calls; what joins several layers is XLA's. "
    f"doubled {LARGE} is the case of openxla/xla issue 34273, in which XLA's own 3D convolution is many times slower than PyTorch's.",
]


def main():
    args = options(rounds=7)
    go = Program(go_build("./tests/bench/conv"))
    layers = [(v, s) for s in SIZES for v in VARIANTS] + [("doubled", LARGE)] + [("dense", s) for s in DENSE]
    cases = [(v, s, d) for d in ("both", "forward") for v, s in layers if args.only in f"{v} {s} {d}"]
    bench = Bench("conv", "Convolution layers", "convlab", len(cases) + 2, args.rounds)
    compile_seconds = []
    for variant, size, direction in cases:
        compile_seconds.append((go.ask(variant, size, "/", direction, 1)[2], variant, size))
        peers = {"PyTorch": Torch(variant, size, direction, False)}
        if variant != "dense":
            peers["PyTorch, channels last"] = Torch(variant, size, direction, True)
        programs = {"convlab": go.turn(variant, size, "/", direction, steps=steps_for(go.ask(variant, size, "/", direction, 1)[0]))}
        for name, p in peers.items():
            steps = steps_for(p.run(2)[1] / 2)
            programs[name] = lambda p=p, steps=steps: p.run(steps)
        batch, *spatial, _ = map(int, size.split(","))
        flops, bytes = needed(peers["PyTorch"].net, batch, spatial, direction == "both")
        bench.case(f"{variant} {size}" + (", forward" if direction == "forward" else ""), programs, "ms", flops=flops, bytes=bytes)
    roof, memory = f"matrix product {SIDE}³", f"addition of {FLOATS >> 20} million numbers"
    other = Program(go_build("./tests/bench/network"), "-data", LAB / "data")
    a, x, y = torch.rand(SIDE, SIDE), torch.rand(FLOATS), torch.empty(FLOATS)
    bench.case(roof, {"convlab": other.turn("convlab", "gemm", SIDE, steps=5), "PyTorch": lambda: timed(lambda: a @ a, 5)}, "ms", flops=2 * SIDE**3)
    bench.case(memory, {"convlab": other.turn("convlab", "add", FLOATS, steps=5), "PyTorch": lambda: timed(lambda: torch.add(x, 1, out=y), 5)}, "ms", bytes=8 * FLOATS)
    slowest = max(compile_seconds)
    bench.save(roof=roof, memory=memory, versions={"GoMLX": "v0.28.1", "backend": go.about, "torch": f"{torch.__version__}, {torch.get_num_threads()} threads"},
               notes=NOTES + [f"Compiling took up to {slowest[0]:.1f} s ({slowest[1]} {slowest[2]})."])


if __name__ == "__main__":
    main()
