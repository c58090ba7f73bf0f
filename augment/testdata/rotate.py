"""Writes rotate.json beside this file: SHA-256 of what Pillow's Image.rotate
makes of small pictures, for all 3,600 tenths of a degree. Run: python rotate.py
(Pillow 13.0.0 on Linux with the GNU C library 2.36, x86-64 with FMA; the
versions stand in the file).
"""
import hashlib
import json
import pathlib
import platform
import struct

import numpy as np
import PIL
from PIL import Image

WAYS = {"nearest": Image.Resampling.NEAREST, "bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


def main():
    cases = []
    for w, h in (3, 3), (4, 4), (5, 4), (7, 7), (12, 9):
        picture = Image.frombytes("RGB", (w, h), bytes((i * 7919 + i * i % 251 * 31) % 256 for i in range(w * h * 3)))
        for way, resample in WAYS.items():
            for expand in False, True:
                for kind in np.float64, np.float32:  # the layers' angles are of 32 bits
                    digest = hashlib.sha256()
                    for tenths in range(3600):
                        turned = picture.rotate(float(kind(tenths / 10)), resample=resample, expand=expand)
                        digest.update(struct.pack("<HH", *turned.size) + turned.tobytes())
                    cases.append({"w": w, "h": h, "way": way, "expand": expand, "bits": kind().itemsize * 8, "sha256": digest.hexdigest()})
    versions = {"Pillow": PIL.__version__, "numpy": np.__version__, "libc": " ".join(platform.libc_ver())}
    path = pathlib.Path(__file__).parent / "rotate.json"
    path.write_text('{"versions": %s,\n"cases": [\n%s]}\n' % (json.dumps(versions), ",\n".join(map(json.dumps, cases))))


main()
