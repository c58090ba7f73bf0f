"""Times package augment against torchvision and Albumentations, on one core, in
turns, in one run, and package augment's Loader on one and on two cores. Prints
a markdown table. Run by run.sh, which makes what it needs.

Every round times each program once; the table has the median round, and the
ratios are the median of the rounds' ratios, so that a machine that is slow for
a while is slow for all. Where the Loader got less than two cores, other
programs ran, and its figure says nothing about it. Images are made here (smooth noise of several sizes,
like photos, in memory): decoding is not timed. Each pipeline ends in a float32
tensor.
"""
import os

os.environ |= {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "NO_ALBUMENTATIONS_UPDATE": "1"}
import argparse
import pathlib
import platform
import statistics
import struct
import subprocess
import tempfile
import time
import warnings

import albumentations as A
import cv2
import numpy as np
import PIL
import torch
import torchvision
from albumentations.pytorch import ToTensorV2
from PIL import Image
from torchvision import transforms as T

warnings.filterwarnings("ignore")
torch.set_num_threads(1)
cv2.setNumThreads(0)

IMAGENET = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
CIFAR = (0.4914, 0.48216, 0.44653), (0.24703, 0.24349, 0.26159)
BLACK = {"border_mode": cv2.BORDER_CONSTANT, "fill": 0}
PIPELINES = {
    "lesson": (
        T.Compose([T.RandomRotation(45), T.CenterCrop(224), T.RandomHorizontalFlip(0.5), T.RandomVerticalFlip(0.5),
                   T.ColorJitter(0.2, 0.1, 0.1, 0.1), T.RandomGrayscale(0.025), T.ToTensor(), T.Normalize(*IMAGENET)]),
        A.Compose([A.Rotate(45, interpolation=cv2.INTER_NEAREST, p=1, **BLACK), A.CenterCrop(224, 224, pad_if_needed=True, **BLACK),
                   A.HorizontalFlip(p=0.5), A.VerticalFlip(p=0.5), A.ColorJitter((0.8, 1.2), (0.9, 1.1), (0.9, 1.1), (-0.1, 0.1), p=1),
                   A.ToGray(p=0.025), A.Normalize(*IMAGENET), ToTensorV2()]),
    ),
    "train32": (
        T.Compose([T.RandomCrop(32, padding=4), T.RandomHorizontalFlip(), T.ToTensor(), T.Normalize(*CIFAR)]),
        A.Compose([A.PadIfNeeded(40, 40, **BLACK), A.RandomCrop(32, 32), A.HorizontalFlip(p=0.5), A.Normalize(*CIFAR), ToTensorV2()]),
    ),
}


def photos(w, h, n):
    """n images of smooth noise, brightness varying more than colour."""
    rng = np.random.default_rng(0)
    out = []
    for _ in range(n):
        total = np.zeros((h, w, 3))
        for size, bright, colour in ((4, 60, 35), (12, 35, 15), (40, 15, 5), (150, 8, 2)):
            side = max(2, min(size, w, h))
            field = rng.normal(0, bright, (side, side, 1)) + rng.normal(0, colour, (side, side, 3))
            total += np.stack([np.asarray(Image.fromarray(field[..., c].astype(np.float32)).resize((w, h), Image.Resampling.BICUBIC)) for c in range(3)], -1)
        out.append(np.clip(total + 115, 0, 255).astype(np.uint8))
    return out


def clock(run, n):
    start = time.perf_counter()
    for _ in range(n):
        run()
    return time.perf_counter() - start


class Go:
    def __init__(self, program, images, cores):
        file = tempfile.NamedTemporaryFile(delete=False)
        h, w = images[0].shape[:2]
        file.write(struct.pack("<III", w, h, len(images)) + b"".join(i.tobytes() for i in images))
        file.close()
        self.process = subprocess.Popen([program, file.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=os.environ | {"GOMAXPROCS": str(len(cores))}, preexec_fn=lambda: os.sched_setaffinity(0, cores))
        self.version = self.process.stdout.readline().strip()
        os.unlink(file.name)

    def run(self, pipeline, workers, n):
        self.process.stdin.write(f"{pipeline} {workers} {n}\n")
        self.process.stdin.flush()
        return tuple(map(float, self.process.stdout.readline().split()))


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--program", required=True)
    args.add_argument("--rounds", type=int, default=15)
    args = args.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    one, two = {cores[0]}, set(cores[:2])
    cases = [("lesson", 32, 32), ("lesson", 256, 256), ("lesson", 500, 375), ("train32", 32, 32)]
    lines, versions = [], ""
    for pipeline, w, h in cases:
        images = photos(w, h, 16)
        pil = [Image.fromarray(i) for i in images]
        torchvision_, albumentations_ = PIPELINES[pipeline]
        turn = {"tv": 0, "al": 0}

        def tv():
            turn["tv"] += 1
            return torchvision_(pil[turn["tv"] % len(pil)])

        def al():
            turn["al"] += 1
            return albumentations_(image=images[turn["al"] % len(images)])["image"]

        os.sched_setaffinity(0, one)
        go = Go(args.program, images, one)
        per = {"go": lambda n: go.run(pipeline, 0, n)[0], "tv": lambda n: clock(tv, n), "al": lambda n: clock(al, n)}
        counts = {k: max(4, int(0.15 / (f(20) / 20))) for k, f in per.items()}  # about 0.15 s a turn
        rounds = [{k: counts[k] / f(counts[k]) for k, f in per.items()} for _ in range(args.rounds)]
        os.sched_setaffinity(0, set(cores))
        scaling = ""
        if len(two) == 2:
            both = Go(args.program, images, two)
            n = max(64, counts["go"])
            both.run(pipeline, 1, n), both.run(pipeline, 2, n)
            turns = [(both.run(pipeline, 1, n), both.run(pipeline, 2, n)) for _ in range(args.rounds)]
            scaling, got = (statistics.median(v) for v in zip(*((a[0] / b[0], b[1] / b[0]) for a, b in turns)))
            scaling = f"{scaling:.2f} ({got:.2f})"
        rate = {k: statistics.median(r[k] for r in rounds) for k in per}
        ratio = {k: statistics.median(r["go"] / r[k] for r in rounds) for k in ("tv", "al")}
        lines.append(f"| {pipeline} | {w}x{h} | {rate['go']:,.0f} | {rate['tv']:,.0f} | {rate['al']:,.0f} | {ratio['tv']:.2f} | {ratio['al']:.2f} | {scaling} |")
        versions = f"{go.version}, torch {torch.__version__}, torchvision {torchvision.__version__}, Pillow {PIL.__version__}, Albumentations {A.__version__}, OpenCV {cv2.__version__}"
    cpu = next((l.split(":")[1].strip() for l in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if l.startswith("model name")), platform.machine())
    print("| pipeline | image | augment | torchvision | Albumentations | to torchvision | to Albumentations | two cores to one (cores got) |")
    print("|---|---|---|---|---|---|---|---|")
    print("\n".join(lines))
    print(f"\nImages a second on one core of {cpu} ({len(cores)} cores, load {os.getloadavg()[0]:.1f} at the end), median of {args.rounds} rounds; {versions}.")


main()
