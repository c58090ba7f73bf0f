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
from PIL import Image, ImageOps, TiffImagePlugin

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
        if rgb is None:
            image = Image.open(io.BytesIO(raw))
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


def bytes_of(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def tiff_of(order, kind, count, value, behind=b"", version=42):
    """A TIFF that holds nothing but an orientation; 26 is where behind lies."""
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HL", version, 8)
    return head + struct.pack(order + "HHHL", 1, 0x112, kind, count) + value.ljust(4, b"\0") + struct.pack(order + "L", 0) + behind


def segment(body, marker=0xe1):
    return struct.pack(">BBH", 0xff, marker, len(body) + 2) + body


def orientations():
    """Everywhere that an orientation may stand, and however it may be written."""
    photo = bytes_of(RGB, "jpeg", quality=95, subsampling=0)

    def jpeg(name, *segments):
        keep("jpeg " + name, photo[:2] + b"".join(segments) + photo[2:], lossy=True)

    exif6 = b"Exif\0\0" + tiff_of("<", 3, 1, b"\6\0")
    for order, word in ("<", "little"), (">", "big"):
        for kind, letter in {1: "B", 3: "H", 4: "L", 6: "b", 8: "h", 9: "l", 11: "f", 13: "L"}.items():
            jpeg(f"orientation of type {kind} {word}", segment(b"Exif\0\0" + tiff_of(order, kind, 1, struct.pack(order + letter, 6))))
        for kind, letters in {3: "HHH", 4: "LL", 5: "LL", 10: "ll"}.items():
            values = struct.pack(order + letters, *([8] + [1] * (len(letters) - 1)))
            count = 1 if kind in (5, 10) else len(letters)
            jpeg(f"orientation of type {kind} behind {word}", segment(b"Exif\0\0" + tiff_of(order, kind, count, struct.pack(order + "L", 26), values)))
    jpeg("orientation of 12.5", segment(b"Exif\0\0" + tiff_of("<", 11, 1, struct.pack("<f", 6.5))))
    jpeg("orientation without a value", segment(b"Exif\0\0" + tiff_of("<", 3, 0, b"\6\0")))
    jpeg("orientation version swapped", segment(b"Exif\0\0" + tiff_of("<", 3, 1, b"\6\0", version=0x2a00)))
    jpeg("orientation fill bytes", b"\xff\xff\xff", segment(exif6))
    jpeg("orientation stuffed zero", b"\xff\0", segment(exif6))
    jpeg("orientation head twice", segment(b"Exif\0\0" + exif6))
    jpeg("orientation in two segments", segment(exif6[:20]), segment(b"Exif\0\0" + exif6[20:]))
    jpeg("orientation two", segment(b"Exif\0\0" + tiff_of("<", 3, 1, b"\3\0")), segment(exif6))
    xmp = b'<x:xmpmeta><rdf:Description tiff:Orientation="8"/></x:xmpmeta>'
    jpeg("orientation xmp", segment(b"http://ns.adobe.com/xap/1.0/\0" + xmp))
    jpeg("orientation xmp and exif", segment(b"http://ns.adobe.com/xap/1.0/\0" + xmp), segment(exif6))

    plain = bytes_of(RGB, "png")

    def png(name, *chunks, at=33):
        keep("png " + name, plain[:at] + b"".join(chunk(t, b) for t, b in chunks) + plain[at:])

    profile = b"\nexif\n%8d\n" % len(exif6) + exif6.hex().encode()[:72] + b"\n" + exif6.hex().encode()[72:] + b"\n"
    small, key = zlib.compress(profile), b"Raw profile type exif\0"
    end = len(plain) - 12
    png("profile tEXt", (b"tEXt", key + profile))
    png("profile zTXt", (b"zTXt", key + b"\0" + small))
    png("profile iTXt", (b"iTXt", key + b"\0\0\0\0" + profile))
    png("profile iTXt compressed", (b"iTXt", key + b"\1\0en\0\0" + small))
    png("profile behind the pixels", (b"zTXt", key + b"\0" + small), at=end)
    png("profile APP1", (b"zTXt", b"Raw profile type APP1\0\0" + small))
    png("profile damaged", (b"zTXt", key + b"\0" + small[:5] + b"\xff" + small[6:]))
    png("profile and eXIf", (b"zTXt", key + b"\0" + small), (b"eXIf", tiff_of(">", 4, 1, b"\0\0\0\3")))
    png("eXIf behind the pixels", (b"eXIf", tiff_of(">", 4, 1, b"\0\0\0\3")), at=end)
    png("xmp", (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp))
    png("xmp compressed", (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(xmp)))
    save("webp xmp", RGB, lossless=True, xmp=xmp)
    save("tiff xmp", RGB, tiffinfo={700: xmp})


def old_jpeg():
    raw = bytearray(bytes_of(RGB, "tiff"))
    at = raw.index(struct.pack("<HHL", 259, 3, 1))
    raw[at + 8] = 6
    return bytes(raw)


def tiffs():
    """BigTIFF, planes, CMYK and JPEG, in one strip and in several."""
    for rows in 14, 5:
        TiffImagePlugin.STRIP_SIZE = rows * W * 3
        for image in (RGB, RGBA, GRAY, PALETTE, RGB.convert("CMYK")):
            save(f"tiff big {image.mode} {rows}", image, big_tiff=True, compression="tiff_lzw" if rows == 5 else None)
        save(f"tiff cmyk lzw {rows}", RGB.convert("CMYK"), compression="tiff_lzw", tiffinfo={317: 2})
        for image in (RGB, RGBA, RGB.convert("CMYK")):
            planes = [bytes_of(band, "tiff", compression="tiff_lzw" if rows == 5 else None, big_tiff=rows == 14) for band in image.split()]
            keep(f"tiff planar {image.mode} {rows}", planar(planes, image.mode))
        for image in (RGB, GRAY, RGB.convert("YCbCr")):
            TiffImagePlugin.STRIP_SIZE = 8 * W * 3 if rows == 5 else 1 << 16
            save(f"tiff jpeg {image.mode} {rows}", image, compression="jpeg", quality=95, lossy=True, big_tiff=rows == 5)
    save("tiff big orientation", RGB, big_tiff=True, tiffinfo={0x112: 6})
    for order, mode in ("<", "little"), (">", "big"):
        for big in False, True:
            keep(f"tiff tiles {mode} {big}", tiles(order, big), rgb=SMOOTH[..., :3])  # Pillow takes a big-endian BigTIFF for a TIFF
    keep("tiff old jpeg", old_jpeg(), error="TIFF: compressed as JPEG of the old kind")
    TiffImagePlugin.STRIP_SIZE = 1 << 16


def directory(order, big, pixels, fields):
    """A TIFF of one page whose pixels lie at byte 16."""
    word, letter, head = (8, "Q", 43) if big else (4, "L", 42)
    start = 16 + len(pixels)
    out = (b"II" if order == "<" else b"MM") + struct.pack(order + "H", head)
    out += struct.pack(order + "HHQ", 8, 0, start) if big else struct.pack(order + "LQ", start, 0)
    entries, behind = b"", b""
    data_at = start + (8 if big else 2) + len(fields) * (4 + 2 * word) + word
    for tag in sorted(fields):
        values = fields[tag]
        kind, form = (16 if big else 4, letter) if tag in (273, 279, 324, 325) else (3, "H")
        data = struct.pack(f"{order}{len(values)}{form}", *values)
        entries += struct.pack(order + "HH" + letter, tag, kind, len(values))
        if len(data) > word:
            entries += struct.pack(order + letter, data_at + len(behind))
            behind += data
        else:
            entries += data.ljust(word, b"\0")
    return out + pixels + struct.pack(order + ("Q" if big else "H"), len(fields)) + entries + bytes(word) + behind


def planar(planes, mode):
    """Joins TIFFs of one grey colour each into a planar one."""
    pixels, starts, sizes = b"", [], []
    for raw in planes:
        page = Image.open(io.BytesIO(raw))
        tags = dict(page.tag_v2)
        for start, size in zip(tags[273], tags[279]):
            starts.append(16 + len(pixels))
            sizes.append(size)
            pixels += raw[start:start + size]
    n = len(planes)
    fields = {256: [W], 257: [H], 258: [8] * n, 259: [tags[259]], 262: [5 if mode == "CMYK" else 2], 273: starts, 277: [n], 278: [tags[278]], 279: sizes, 284: [2]}
    if mode == "RGBA":
        fields[338] = [2]
    return directory("<", False, pixels, fields)


def tiles(order, big):
    """Tiles of 16 by 16 pixels, each colour by itself."""
    pixels, starts, whole = b"", [], np.zeros((16, 32, 3), np.uint8)
    whole[:H, :W] = SMOOTH[..., :3]
    for band in range(3):
        for left in 0, 16:
            starts.append(16 + len(pixels))
            pixels += whole[:, left:left + 16, band].tobytes()
    return directory(order, big, pixels, {256: [W], 257: [H], 258: [8] * 3, 259: [1], 262: [2], 277: [3], 284: [2], 322: [16], 323: [16], 324: starts, 325: [256] * 6})


def chunk(tag, body):
    return struct.pack(">I", len(body)) + tag + body + struct.pack(">I", zlib.crc32(tag + body))


def png16(samples, kind):
    """A PNG of 16 bits a channel, which Pillow does not write."""
    h, w = samples.shape[:2]
    rows = b"".join(b"\0" + samples[r].astype(">u2").tobytes() for r in range(h))
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
    save("tiff cmyk", RGB.convert("CMYK"))
    save("webp", RGB, quality=90)
    save("webp odd", RGB.crop((0, 0, 21, 13)), quality=50)
    save("webp alpha", RGBA, quality=80, exact=True)
    save("webp lossless", RGB, lossless=True)
    save("webp lossless alpha", RGBA, lossless=True, exact=True)
    save("webp orientation 8", RGB, lossless=True, exif=exif(8))
    out = io.BytesIO()
    RGB.save(out, "webp", save_all=True, append_images=[RGB.transpose(Image.Transpose.ROTATE_180)], lossless=True)
    keep("webp animated", out.getvalue(), error="WebP: animated")
    orientations()
    photo = bytes_of(RGB, "jpeg", quality=95, subsampling=0)
    film = b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + b"mdat" + b"\xff\xda\0\x0c" * 150
    keep("jpeg motion photo", photo + film, lossy=True)
    keep("jpeg many marks in a comment", photo[:2] + segment(film, 0xfe) + photo[2:], lossy=True)
    ink = bytes_of(RGB.convert("CMYK"), "jpeg", quality=95)
    at = ink.index(b"\xff\xee\0\x0eAdobe")
    keep("jpeg cmyk without Adobe's mark", ink[:at] + ink[at + 16:], lossy=True)
    tiffs()
    versions = {"Pillow": PIL.__version__, "numpy": np.__version__}
    lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in files.items())
    path = pathlib.Path(__file__).parent / "decode.json"
    path.write_text('{"versions": %s,\n"files": {\n%s}}\n' % (json.dumps(versions), lines))
    print(len(files), "files", path.stat().st_size, "bytes")


main()
