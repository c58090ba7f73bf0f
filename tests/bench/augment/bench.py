"""Package augment, torchvision and Albumentations on one core, and package
augment's Loader on one and on two. See ../README.md.

Images are made here (smooth noise of several sizes, like photos, in memory):
decoding is not timed. Each pipeline ends in a float32 tensor. Albumentations
computes other pixels than torchvision; package augment computes torchvision's.
"""
import os

os.environ |= {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "NO_ALBUMENTATIONS_UPDATE": "1"}
import itertools
import pathlib
import struct
import sys
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

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from turns import Bench, Program, go_build, options

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


def python(pipeline, images):
    """A program for Bench.case: a pipeline on one image after the other."""
    images = itertools.cycle(images)

    def turn(n):
        start, used = time.perf_counter(), time.process_time()
        for _ in range(n):
            pipeline(next(images))
        return n, time.perf_counter() - start, time.process_time() - used
    return turn


def go(program, images, cores):
    """The Go program on these cores, with these images."""
    h, w = images[0].shape[:2]
    with tempfile.NamedTemporaryFile() as file:
        file.write(struct.pack("<III", w, h, len(images)) + b"".join(i.tobytes() for i in images))
        file.flush()
        return Program(program, file.name, env=os.environ | {"GOMAXPROCS": str(len(cores))}, preexec_fn=lambda: os.sched_setaffinity(0, cores))


def turns(programs):
    """Each program with so many images that a turn takes about 0.2 s."""
    def of(turn):
        _, seconds, _ = turn(32)
        n = max(32, int(32 * 0.2 / seconds))
        return lambda: turn(n)
    return {name: of(turn) for name, turn in programs.items()}


def main():
    args = options(rounds=15)
    cores = sorted(os.sched_getaffinity(0))
    one, two = {cores[0]}, set(cores[:2])
    kinds = [("lesson", 224, 32, 32), ("lesson", 224, 256, 256), ("lesson", 224, 500, 375), ("train32", 32, 32, 32)]
    names = {"lesson": "lesson's pipeline", "train32": "crop, flip, normalise"}
    cases = [(f"{names[p]}, {w}x{h} to {to}{', Loader' * loader}", p, w, h, loader)
             for loader in (False, True) for p, to, w, h in kinds if not loader or len(two) == 2]
    cases = [c for c in cases if args.only in c[0]]
    binary = go_build("./tests/bench/augment")
    bench = Bench("augment", "Augmentation", "convlab", len(cases), args.rounds)
    about = ""
    for name, pipeline, w, h, loader in cases:
        images = photos(w, h, 16)
        program = go(binary, images, two if loader else one)
        ask = lambda workers: lambda n: program.turn(pipeline, workers, steps=n)()
        about = program.about
        if loader:
            bench.case(name, turns({"convlab": ask(2), "convlab, one worker": ask(1)}), "img/s")
        else:
            os.sched_setaffinity(0, one)
            tv, al = PIPELINES[pipeline]
            bench.case(name, turns({"convlab": ask(0), "torchvision": python(tv, [Image.fromarray(i) for i in images]),
                                    "Albumentations": python(lambda image: al(image=image)["image"], images)}), "img/s")
            os.sched_setaffinity(0, set(cores))
        program.process.stdin.close()
        program.process.wait()
    bench.save(
        versions={"Go": about.removeprefix("go"), "torch": torch.__version__, "torchvision": torchvision.__version__, "Pillow": PIL.__version__,
                  "Albumentations": A.__version__, "OpenCV": cv2.__version__},
        notes=["All programs have one core, but for the rows of the Loader: there one and two workers have two, the ratio is how much faster two are, "
               "and the one in processor time how much of an image's cost is the same with two. Of a 32x32 image the lesson's pipeline "
               "makes 98 % black frame: 602 kB are written for each, and memory sets the speed, of two workers more than of one. "
               "Albumentations computes other pixels: it is compared for its speed only. To torchvision's the pixels are equal."])


main()
