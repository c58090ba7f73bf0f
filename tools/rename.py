"""Renames the Go module in every file that git tracks, for whoever publishes
it under a path of their own:

    python3 tools/rename.py github.com/you/convlab

Commands, folders and the text around keep their names, and so do records of
what was measured. `git diff` shows what was done, `git checkout .` undoes it.
"""
import pathlib
import re
import subprocess
import sys

OLD = "convlab"
ROOMS = r"(?:cnnlib|convviz|cifar|augment|shapes|recipes|internal|notebooks/lesson|cmd|tests|tools|\.\.\.)"
KEPT = ("CHANGELOG.md", "docs/benchmarks", "docs/reliability")


def renamed(text, new):
    """The text with the module's path and those of its packages replaced."""
    text = re.sub(rf"(?<![\w/.\-]){OLD}/(?={ROOMS})", lambda _: new + "/", text)
    # What go.mod files and commands that write them say of the module itself.
    text = re.sub(rf"\b(module |require |-require=|-replace=|replace ){OLD}(?![\w/.\-])", lambda m: m[1] + new, text)
    return text


def main():
    if len(sys.argv) != 2 or not re.fullmatch(r"[a-z0-9][a-z0-9.\-]*\.[a-z]+(/[A-Za-z0-9_.~\-]+)+", sys.argv[1]):
        sys.exit("usage: python3 tools/rename.py PATH, as github.com/you/convlab")
    new = sys.argv[1]
    root = pathlib.Path(__file__).resolve().parent.parent
    files = subprocess.run(["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True).stdout.decode().split("\0")
    module = re.compile(rf"^module {OLD}$", re.M)
    if not module.search((root / "go.mod").read_text()):
        sys.exit(f"go.mod does not say 'module {OLD}': the module was renamed already")
    changed = 0
    for name in filter(None, files):
        file = root / name
        if name.startswith(KEPT) or name == "tools/rename.py" or file.is_symlink() or not file.is_file():
            continue
        try:
            old = file.read_bytes().decode()
        except UnicodeDecodeError:
            continue  # a picture, an archive
        if (text := renamed(old, new)) != old:
            file.write_bytes(text.encode())
            changed += 1
    print(f"{changed} files say {new} now; see git diff")


if __name__ == "__main__":
    main()
