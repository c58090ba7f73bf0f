"""Writes golden.json beside this file: what torchvision makes of images of
Pillow, for transforms with fixed parameters and for whole random pipelines by
seed. Run: python golden.py (torch 2.15.0, torchvision 0.29.2, Pillow 13.0.0,
numpy 2.4.6; the versions that made the file stand in it).

Images come from a formula, so none is stored; results are kept as SHA-256, or
as the bytes themselves where they are few.
"""
import hashlib
import json
import pathlib

import numpy as np
import PIL
import torch
import torchvision
from PIL import Image
from torchvision import transforms
from torchvision.transforms import v2

BANDS = {"RGB": 3, "L": 1, "RGBA": 4, "LA": 2}


def scramble(n, salt):
    """n numbers of 32 bits, the same in any language."""
    i = np.arange(n, dtype=np.uint64)
    v = (i * 2654435761 + salt * 40503) & 0xFFFFFFFF
    return ((v ^ (v >> 15)) * 2246822519) & 0xFFFFFFFF


def picture(name):
    """An image by its name: kind, width x height, mode."""
    kind, size, mode = name.split()
    w, h = map(int, size.split("x"))
    bands = BANDS[mode]
    if kind == "noise":
        data = (scramble(w * h * bands, w * 7 + h) >> 24).astype(np.uint8)
    elif kind == "waves":  # smooth, all hues, some grey
        y, x, c = np.meshgrid(np.arange(h), np.arange(w), np.arange(bands), indexing="ij")
        data = ((x * (c + 2) + y * (3 - c % 3) + (x * y // (17 + c)) % 64) % 256).astype(np.uint8)
    elif kind == "colours":  # each of the 2**24 once
        i = np.arange(w * h, dtype=np.uint32)
        data = np.stack([i & 255, i >> 8 & 255, i >> 16], -1).astype(np.uint8)
    data = data.reshape(h, w, bands)
    if mode == "L":
        data = data[:, :, 0]
    image = Image.fromarray(data)
    assert image.mode == mode
    return image.convert("RGB")


SMALL = ["noise 1x1 RGB", "noise 2x3 RGB", "noise 5x7 RGBA", "noise 9x4 L"]
MIDDLE = ["noise 31x17 RGB", "waves 37x53 RGB", "noise 32x32 LA", "waves 101x67 RGBA"]
LARGE = ["waves 640x427 RGB", "noise 300x301 RGB"]
ALL = SMALL + MIDDLE + LARGE

BICUBIC = ", interpolation=InterpolationMode.BICUBIC"
BILINEAR = ", interpolation=InterpolationMode.BILINEAR"
NEAREST = ", interpolation=InterpolationMode.NEAREST"

FIXED = {
    **{f"RandomRotation(({a}, {a}))": ALL for a in ("0", "30", "45", "-17.25", "90", "180", "270", "359.5")},
    **{f"RandomRotation(({a}, {a}))": MIDDLE for a in ("1e-14", "0.001", "135", "-90", "400", "-45")},
    **{f"RandomRotation(({a}, {a}){BILINEAR})": SMALL + MIDDLE for a in ("30", "-100.5")},
    **{f"RandomRotation(({a}, {a}){BICUBIC})": SMALL + MIDDLE for a in ("30", "45")},
    **{f"RandomRotation(({a}, {a}), expand=True)": SMALL + MIDDLE for a in ("30", "90", "45", "-135")},
    f"RandomRotation((20, 20){BILINEAR}, expand=True, fill=(9, 200, 77))": SMALL + MIDDLE,
    "RandomRotation((33, 33), fill=(255, 1, 128))": SMALL + MIDDLE,
    "CenterCrop(1)": ALL, "CenterCrop(8)": ALL, "CenterCrop(224)": ALL, "CenterCrop((33, 64))": ALL, "CenterCrop((10, 3))": ALL,
    "Pad(3)": ALL, "Pad((1, 2), fill=(7, 8, 9))": ALL, "Pad((4, 0, 1, 2))": SMALL + MIDDLE,
    **{f"Pad({p}, padding_mode='{m}')": SMALL + MIDDLE for m in ("edge", "reflect", "symmetric") for p in ("1", "(3, 0, 9, 5)", "12")},
    "RandomHorizontalFlip(p=1)": ALL, "RandomVerticalFlip(p=1)": ALL, "RandomGrayscale(p=1)": ALL,
    **{f"ColorJitter(brightness=({f}, {f}))": SMALL + MIDDLE for f in ("0", "0.3", "1", "1.2", "3")},
    **{f"ColorJitter(contrast=({f}, {f}))": SMALL + MIDDLE for f in ("0", "0.9", "1.1", "2.5")},
    **{f"ColorJitter(saturation=({f}, {f}))": SMALL + MIDDLE for f in ("0", "0.7", "1.1", "4")},
    **{f"ColorJitter(hue=({f}, {f}))": SMALL + MIDDLE for f in ("-0.5", "-0.1", "0.003", "0.25", "0.5")},
    **{f"ColorJitter({op}=({f}, {f}))": ["colours 4096x4096 RGB"] for op, f in (("hue", "0.1"), ("saturation", "1.1"), ("saturation", "0.9"))},
    "Resize(1)": ALL, "Resize(10)": ALL, "Resize(64)": ALL, "Resize((20, 33))": ALL, "Resize(256)": LARGE,
    f"Resize(17{BICUBIC})": ALL, f"Resize((50, 21){BICUBIC})": ALL, f"Resize((9, 100){NEAREST})": ALL, f"Resize(40{NEAREST})": ALL,
}
LONG = {  # beyond 16.16 fixed point, and proportions of more than 100
    "RandomRotation((30, 30))": ["noise 40000x3 RGB"], "RandomRotation((180, 180))": ["noise 40000x3 RGB"],
    "Resize((7, 9))": ["noise 40000x3 RGB", "noise 2x900 RGB"], "Resize(2)": ["noise 2x900 RGB", "noise 3x1111 L"],
}
SEEDED = {  # random place or size; 5 seeds
    "RandomCrop(4)": MIDDLE, "RandomCrop((9, 30))": MIDDLE, "RandomCrop(32, padding=4)": ["noise 32x32 LA", "noise 32x33 RGB"],
    **{f"RandomCrop((20, 30), padding=(4, 7), padding_mode='{m}')": MIDDLE for m in ("edge", "reflect", "symmetric")},
    "RandomCrop(40, padding=(1, 2, 3, 4), pad_if_needed=True, fill=(9, 8, 7))": SMALL + MIDDLE,
    "RandomResizedCrop(24)": MIDDLE, f"RandomResizedCrop((12, 40), scale=(0.5, 1), ratio=(0.2, 0.3){BICUBIC})": SMALL + MIDDLE,
    "RandomRotation(45)": MIDDLE, "RandomHorizontalFlip(p=0.5)": MIDDLE, "RandomGrayscale(p=0.1)": MIDDLE,
    "ColorJitter(brightness=0.4, contrast=(0.5, 1.5), saturation=0.8, hue=0.5)": SMALL + MIDDLE,
    "ColorJitter(contrast=0.3, hue=(0.1, 0.2))": SMALL + MIDDLE,
}
NORM = "Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))"
CIFAR = "Normalize((0.4914, 0.48216, 0.44653), (0.24703, 0.24349, 0.26159))"
LESSON = ["RandomRotation(45)", "CenterCrop(224)", "RandomHorizontalFlip(p=0.5)", "RandomVerticalFlip(p=0.5)",
          "ColorJitter(brightness=0.2, contrast=0.1, saturation=0.1, hue=0.1)", "RandomGrayscale(p=0.025)", "ToTensor()", NORM]
PIPELINES = {  # 200 seeds
    tuple(LESSON): ["waves 256x256 RGB", "noise 32x32 RGB", "noise 301x190 RGBA"],
    ("RandomCrop(32, padding=4)", "RandomHorizontalFlip(p=0.5)", "ToTensor()", CIFAR): ["noise 32x32 RGB"],
    ("RandomVerticalFlip(p=0.5)", "ColorJitter(brightness=0.2, contrast=0.1, saturation=0.1, hue=0.1)",
     "RandomRotation((-90, 60), expand=True)", "RandomHorizontalFlip(p=0.5)", "Pad((2, 5), fill=(200, 10, 30))", "RandomCrop(40, padding=8, pad_if_needed=True)",
     "RandomGrayscale(p=0.1)", "RandomResizedCrop(30)", "ToTensor()", "RandomErasing(p=0.7, value=(0.1, -2, 3))", NORM,
     "RandomErasing(p=0.5, scale=(0.1, 0.2), ratio=(0.5, 2))"): ["waves 61x47 RGB", "noise 32x32 L"],
}
TENSORS = {("ToTensor()",): SMALL + MIDDLE, ("ToTensor()", NORM): SMALL + MIDDLE, ("Resize(32)", "CenterCrop(32)", "ToTensor()", CIFAR): ALL,
           ("Resize(256)", "CenterCrop(224)", "ToTensor()", NORM): LARGE + MIDDLE}

names = {**vars(transforms), "InterpolationMode": transforms.InterpolationMode}


def case(steps, name, seed):
    pipeline = transforms.Compose([eval(step, names) for step in steps])
    torch.manual_seed(seed)
    out = pipeline(picture(name))
    if isinstance(out, torch.Tensor):
        out = out.permute(1, 2, 0).contiguous().numpy().astype("<f4")
    else:
        out = np.asarray(out)
    raw = out.tobytes()
    kept = {"hex": raw.hex()} if len(raw) <= 48 else {"sha256": hashlib.sha256(raw).hexdigest()}
    return {"image": name, "seed": seed, "h": out.shape[0], "w": out.shape[1], **kept}


def mixes():
    """MixUp and CutMix of torchvision for given parameters: 4 images of 5 x 6."""
    n, h, w = 4, 5, 6
    x = torch.from_numpy((scramble(n * h * w * 3, 1) >> 8).astype(np.float32) * np.float32(2**-24)).reshape(n, h, w, 3).permute(0, 3, 1, 2)
    labels = torch.tensor([2, 0, 1, 2])
    out = []

    def result(kind, params, how):
        y, t = how._call(x, params | {"labels": labels, "batch_size": n}), how._call(labels, params | {"labels": labels, "batch_size": n})
        floats = np.concatenate([y.permute(0, 2, 3, 1).reshape(-1).numpy(), t.reshape(-1).numpy()]).astype("<f4")
        return {"kind": kind, **{k: v for k, v in params.items()}, "sha256": hashlib.sha256(floats.tobytes()).hexdigest()}

    mixup, cutmix = v2.MixUp(num_classes=3), v2.CutMix(num_classes=3)
    for how in (mixup, cutmix):
        how._call = lambda inpt, params, how=how: how.transform(inpt if inpt is labels else inpt.clone(), params)
    for lam in (0.0, 0.3, 0.7123456789, 1.0):
        out.append(result("mixup", {"lam": lam}, mixup))
    for box in ((0, 0, 6, 5), (1, 2, 4, 5), (3, 3, 3, 3)):
        x1, y1, x2, y2 = box
        out.append(result("cutmix", {"box": box, "lam_adjusted": 1.0 - (x2 - x1) * (y2 - y1) / (w * h)}, cutmix))
    return out


def draws(seed):
    torch.manual_seed(seed)
    return {"seed": seed, "rand": torch.rand(1).item(), "uniform": torch.empty(1).uniform_(-45, 45).item(),
            "randint": [torch.randint(0, n, (1,)).item() for n in (1, 2, 1000, 2**20)], "randperm": torch.randperm(9).tolist(),
            "normal": torch.empty(37).normal_().tolist(), "few": torch.empty(5).normal_().tolist(), "after": torch.rand(700)[-1].item()}


def main():
    torch.set_num_threads(1)
    groups = []
    for table, seeds in ((FIXED, [0]), (LONG, [0]), (SEEDED, range(5)), (TENSORS, [0]), (PIPELINES, range(200))):
        for steps, images in table.items():
            steps = (steps,) if isinstance(steps, str) else steps
            groups.append({"steps": steps, "cases": [case(steps, i, s) for i in images for s in seeds]})
    here = pathlib.Path(__file__).parent
    versions = {"torch": torch.__version__, "torchvision": torchvision.__version__, "Pillow": PIL.__version__, "numpy": np.__version__}
    with open(here / "golden.json", "w") as f:
        f.write('{"versions": %s,\n' % json.dumps(versions))
        f.write('"mixes": [\n%s],\n' % ",\n".join(map(json.dumps, mixes())))
        f.write('"draws": [\n%s],\n"groups": [\n' % ",\n".join(json.dumps(draws(s)) for s in (0, 1, 2**31 + 5, 2**40 + 7)))
        f.write(",\n".join('{"steps": %s, "cases": [\n%s]}' % (json.dumps(g["steps"]), ",\n".join(map(json.dumps, g["cases"]))) for g in groups))
        f.write("]}\n")
    print(sum(len(g["cases"]) for g in groups), "cases", versions)


main()
