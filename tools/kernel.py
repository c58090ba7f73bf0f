"""Installs the GoNB kernel into .lab's own Jupyter, so that any notebook of
this checkout runs with its packages, its plugin and its data, from any folder.

Run by `make setup`: python tools/kernel.py LAB
"""
import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import atomicfile

lab = pathlib.Path(sys.argv[1]).resolve()
root = pathlib.Path(__file__).resolve().parent.parent
go = pathlib.Path(shutil.which("go")).parent
path = f"{lab / 'bin'}:{go}"
share = lab / "venv" / "share" / "jupyter"
spec = share / "kernels" / "gonb" / "kernel.json"

# GoNB writes the spec; what it cannot know is added: where the tools and the
# lab are. The finished file is renamed into place.
folder = contextlib.ExitStack()
draft = pathlib.Path(folder.enter_context(atomicfile.folder(lab)))
subprocess.run(
    [lab / "bin" / "gonb", "--install", f"--go_work={root}"],
    env={**os.environ, "JUPYTER_DATA_DIR": str(draft), "PATH": f"{path}:{os.environ['PATH']}"},
    check=True, capture_output=True, text=True)
made = draft / "kernels" / "gonb"
kernel = json.loads((made / "kernel.json").read_text())
kernel["argv"][0] = str(lab / "bin" / "gonb")  # below /tmp GoNB would name a copy in the draft
# GoNB's messages go to a file, only its errors to the terminal of `make lab`.
(lab / "jupyter").mkdir(parents=True, exist_ok=True)
quiet = {"-logtostderr=true": "-logtostderr=false", "-log_file=": f"-log_file={lab / 'jupyter' / 'gonb.log'}"}
kernel["argv"] = [quiet.get(argument, argument) for argument in kernel["argv"]]
# What a killed kernel leaves behind is ended and removed by the process around it.
if sys.platform == "linux":
    kernel["argv"].insert(0, str(lab / "bin" / "convkernel"))
kernel["display_name"] = "Go (convlab)"
# The Makefile's environment, but for what GoNB needs otherwise: cells live in a
# workspace of their own.
settings = dict(re.findall(r"^export (\w+) := (\S+)$", (root / "tools" / "environment.mk").read_text(), re.M))
settings.pop("PIP_USER")
# Cells need no symbols for a debugger, and link sooner inside Go than by the C
# compiler's linker, where Go can read what that compiler wrote.
links = ["'-ldflags=-s -linkmode=internal'", "'-ldflags=-s'"]
inside = subprocess.run(["go", "build", "-o", draft / "linked", "./cmd/convlab"], cwd=root, capture_output=True,
                        env={**os.environ, **settings, "GOFLAGS": f"{settings['GOFLAGS']} {links[0]}"}).returncode == 0
settings["GOFLAGS"] += " " + links[0 if inside else 1]
host = subprocess.run(["go", "env", "GOHOSTOS", "GOHOSTARCH"], check=True, capture_output=True, text=True).stdout.split()
kernel["env"] = settings | {"PATH": path + ":${PATH}", "CONVLAB_LAB": str(lab), "GOWORK": "", "GOOS": host[0], "GOARCH": host[1]}
(made / "kernel.json").write_text(json.dumps(kernel, indent=1) + "\n")
spec.parent.parent.mkdir(parents=True, exist_ok=True)
shutil.rmtree(spec.parent, ignore_errors=True)
made.rename(spec.parent)
folder.close()
