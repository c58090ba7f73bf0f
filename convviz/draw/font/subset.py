"""Makes NotoSansSC-subset.ttf: the Chinese characters that the project's labels use.

    npm pack @fontsource/noto-sans-sc@5.3.0 && tar xzf fontsource-noto-sans-sc-5.3.0.tgz
    pip install fonttools==4.68.0 brotli==1.2.1
    python3 convviz/draw/font/subset.py package

Reads every Go file and notebook source of the checkout, so it is run again when a label
gets a new character; the test of the words in convviz fails until then.
"""
import pathlib
import sys

from fontTools import subset
from fontTools.ttLib import TTFont

here = pathlib.Path(__file__).resolve().parent
root = here.parents[2]
chars = set("，。：；（）、！？％±×·°→←↑↓")
for pattern in ("convviz/**/*.go", "cnnlib/**/*.go", "notebooks/**/*.md", "notebooks/**/*.py", "notebooks/**/*.go", "README*"):
    for path in root.glob(pattern):
        if path.is_file():
            chars |= {c for c in path.read_text(encoding="utf-8") if 0x3000 <= ord(c) <= 0x9FFF or 0xFF00 <= ord(c) <= 0xFFEF}

source = pathlib.Path(sys.argv[1]) / "files" / "noto-sans-sc-chinese-simplified-400-normal.woff2"
font = TTFont(source)
options = subset.Options(hinting=False, layout_features=[], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True)
subsetter = subset.Subsetter(options)
subsetter.populate(unicodes={ord(c) for c in chars})
subsetter.subset(font)
font.flavor = None
font["head"].modified = font["head"].created  # the same bytes on every run
font.recalcTimestamp = False
out = here / "NotoSansSC-subset.ttf"
font.save(out)
print(f"{out}: {len(font.getBestCmap())} characters, {out.stat().st_size} bytes")
