"""Lists the SHA-256 of the programs and plugins of a lab folder in its
done/hashes, as sha256sum does. Run by `make setup`: python tools/hashes.py LAB
"""
import hashlib
import pathlib
import sys

import atomicfile

lab = pathlib.Path(sys.argv[1])
lines = []
for path in sorted([*lab.glob("bin/*"), *lab.glob("plugins/*.so")]):
    lines.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(lab).as_posix()}\n")
atomicfile.write(lab / "done" / "hashes", "".join(lines))
