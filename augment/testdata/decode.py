"""Writes decode.json beside this file: small pictures in all formats that are
read, and the pixels that Pillow finds in them, upright, as RGB. Run: python
decode.py (Pillow 13.0.0, numpy 2.4.6; the versions stand in the file).
"""
import base64
import io
import json
import pathlib
import struct
import zlib

import numpy as np
import PIL
from PIL import Image, ImageOps

W, H = 23, 14
y, x, c = np.meshgrid(np.arange(H), np.arange(W), np.arange(4), indexing="ij")
SMOOTH = ((x * (c + 3) + y * (7 - c) * 2 + 40 * c) % 256 // (1 + (c == 3))).astype(np.uint8)
RGB, RGBA = Image.fromarray(np.ascontiguousarray(SMOOTH[..., :3])), Image.fromarray(SMOOTH)
GRAY, LA = RGB.convert("L"), RGBA.convert("LA")
PALETTE = RGB.quantize(17)

files = {}


def keep(name, raw, rgb=None, lossy=False, error=""):
    """rgb: the pixels, where they are not to be Pillow's."""
    entry = {"file": base64.b64encode(raw).decode()}
    if error:
        entry["error"] = error
    else:
        image = Image.open(io.BytesIO(raw))
        if rgb is None:
            rgb = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
        entry |= {"h": rgb.shape[0], "w": rgb.shape[1], "rgb": base64.b64encode(rgb.astype(np.uint8).tobytes()).decode(), "lossy": lossy}
    files[name] = entry


def save(name, image, lossy=False, error="", **options):
    out = io.BytesIO()
    image.save(out, name.split()[0].lower().replace("jpg", "jpeg"), **options)
    keep(name, out.getvalue(), lossy=lossy, error=error)


def exif(n):
    e = Image.Exif()
    e[0x112] = n
    return e


def png16(samples, kind):
    """A PNG of 16 bits a channel, which Pillow does not write."""
    h, w = samples.shape[:2]
    rows = b"".join(b"\0" + samples[r].astype(">u2").tobytes() for r in range(h))

    def chunk(tag, body):
        return struct.pack(">I", len(body)) + tag + body + struct.pack(">I", zlib.crc32(tag + body))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 16, kind, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def main():
    save("jpeg", RGB, lossy=True, quality=95, subsampling=0)
    save("jpeg 420", RGB, lossy=True, quality=90, subsampling=2)
    save("jpeg 422", RGB, lossy=True, quality=90, subsampling=1)
    save("jpeg odd 420", RGB.crop((0, 0, 19, 9)), lossy=True, quality=90, subsampling=2)
    save("jpeg progressive", RGB, lossy=True, quality=90, progressive=True)
    save("jpeg gray", GRAY, lossy=True, quality=95)
    save("jpeg cmyk", RGB.convert("CMYK"), lossy=True, quality=95)
    for n in range(1, 9):
        save(f"jpeg orientation {n}", RGB, lossy=True, quality=95, subsampling=0, exif=exif(n))
    for image in (RGB, RGBA, GRAY, LA, PALETTE, GRAY.convert("1")):
        save(f"png {image.mode}", image)
    save("png palette transparent", PALETTE, transparency=3)
    save("png gray transparent", GRAY, transparency=100)
    save("png orientation 6", RGB, exif=exif(6))
    deep = (SMOOTH.astype(np.uint16) << 8) + x.astype(np.uint16)
    keep("png rgb 16 bit", png16(deep[..., :3], 2))
    keep("png rgba 16 bit", png16(deep, 6))
    keep("png gray 16 bit", png16(deep[..., 0], 0), rgb=np.repeat(SMOOTH[..., :1], 3, 2))
    save("gif", PALETTE)
    save("gif gray", GRAY)
    save("gif transparent", PALETTE, transparency=3)
    out = io.BytesIO()
    PALETTE.save(out, "gif", transparency=5)
    part = bytearray(out.getvalue())  # the frame on a larger canvas, at (4, 3)
    part[6:10] = struct.pack("<HH", W + 9, H + 5)
    at = part.index(b"\x2c\0\0\0\0")
    part[at + 1:at + 5] = struct.pack("<HH", 4, 3)
    keep("gif part of the canvas", bytes(part))
    out = io.BytesIO()
    PALETTE.save(out, "gif", save_all=True, append_images=[PALETTE.transpose(Image.Transpose.ROTATE_180)])
    keep("gif two frames", out.getvalue())
    for image in (RGB, RGBA, GRAY, PALETTE):
        save(f"bmp {image.mode}", image)
    for image in (RGB, RGBA, GRAY, PALETTE):
        save(f"tiff {image.mode}", image)
    for how in ("tiff_lzw", "tiff_adobe_deflate", "packbits"):
        save(f"tiff {how}", RGB, compression=how)
    save("tiff 1", GRAY.convert("1"), compression="group4", error="TIFF: compressed as fax")
    for n in (3, 6):
        save(f"tiff orientation {n}", RGB, tiffinfo={0x112: n})
    save("tiff gray 16 bit", Image.fromarray(deep[..., 0]), error="")
    files["tiff gray 16 bit"]["rgb"] = files["png gray 16 bit"]["rgb"]
    save("tiff cmyk", RGB.convert("CMYK"), error="TIFF: tiff: unsupported feature: color model")
    save("webp", RGB, quality=90)
    save("webp odd", RGB.crop((0, 0, 21, 13)), quality=50)
    save("webp alpha", RGBA, quality=80, exact=True)
    save("webp lossless", RGB, lossless=True)
    save("webp lossless alpha", RGBA, lossless=True, exact=True)
    save("webp orientation 8", RGB, lossless=True, exif=exif(8))
    out = io.BytesIO()
    RGB.save(out, "webp", save_all=True, append_images=[RGB.transpose(Image.Transpose.ROTATE_180)], lossless=True)
    keep("webp animated", out.getvalue(), error="WebP: animated")
    versions = {"Pillow": PIL.__version__, "numpy": np.__version__}
    lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in files.items())
    path = pathlib.Path(__file__).parent / "decode.json"
    path.write_text('{"versions": %s,\n"files": {\n%s}}\n' % (json.dumps(versions), lines))
    print(len(files), "files", path.stat().st_size, "bytes")


main()
