"""Measures what one student takes: starts JupyterLab on a copy of the notebooks, lets the
test browser run one of them from its first cell to its last, and adds up the memory of all
processes below the server every fifth of a second.

  python tests/student/measure.py en/1.1-convolution.ipynb

Memory is PSS: pages that several processes share count once, divided among them. The
browser is not counted: it runs on the student's machine. Set-up must have been done, and
`make test` have brought the browser. What other programs do at that time makes it slower.
"""
import argparse
import collections
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LAB = pathlib.Path(os.environ.get("CONVLAB_LAB") or ROOT / ".lab")


def below(pid):
    """A process and all that it started: id → name."""
    children, names = collections.defaultdict(list), {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                text = pathlib.Path("/proc", entry, "stat").read_text()
            except OSError:
                continue
            name, rest = re.match(r"\d+ \((.*)\) (.*)", text, re.DOTALL).groups()
            names[int(entry)] = name
            children[int(rest.split()[1])].append(int(entry))
    found, to_do = {}, [pid]
    while to_do:
        p = to_do.pop()
        found[p] = names.get(p, "")
        to_do += children[p]
    return found


def pss(pid):
    """A process's memory in MB."""
    try:
        return int(re.search(r"(?m)^Pss:\s+(\d+)", pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text())[1]) / 1024
    except (OSError, TypeError):
        return 0.0


def kind(pid, name):
    """What a process is for the table."""
    try:
        words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return name
    if b"jupyter" in b" ".join(words[:2]):
        return "JupyterLab"
    if name in ("gonb", "convkernel"):
        return "kernel"
    if name == "gopls":
        return "gopls"
    if name in ("go", "compile", "link", "asm", "cgo", "vet", "goimports", "gofmt", "gcc", "cc1", "as", "collect2", "ld"):
        return "building a cell"
    return "program of a cell"


class Watch(threading.Thread):
    """Follows the processes below one until it is stopped."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.on, self.most, self.parts = pid, True, 0.0, collections.Counter()

    def run(self):
        while self.on:
            now = collections.Counter()
            for pid, name in below(self.pid).items():
                if mb := pss(pid):
                    now[kind(pid, name)] += mb
            self.most = max(self.most, sum(now.values()))
            for part, mb in now.items():
                self.parts[part] = max(self.parts[part], mb)
            time.sleep(0.2)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebook", help="below notebooks/, as en/1.1-convolution.ipynb")
    notebook = parser.parse_args().notebook
    with tempfile.TemporaryDirectory() as folder:
        served = pathlib.Path(folder, "notebooks")
        shutil.copytree(ROOT / "notebooks", served)
        places = {f"JUPYTER_{name}_DIR": str(pathlib.Path(folder, name)) for name in ("CONFIG", "DATA", "RUNTIME")}
        server = subprocess.Popen(
            [LAB / "venv/bin/jupyter", "lab", f"--config={ROOT / 'tools/jupyter/server_config.py'}", "--no-browser", "--ServerApp.port=0", f"--ServerApp.root_dir={served}"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT,
            env={**os.environ, **places, "CONVLAB_LAB": str(LAB), "CONVLAB_RUNS": folder, "IPYTHONDIR": folder, "GOMLX_NO_AUTO_INSTALL": "1"})
        try:
            address = next(m[0] for m in (re.search(r"http://127\.0\.0\.1:\d+/\S*\?token=\w+", line) for line in server.stdout) if m)
            threading.Thread(target=server.stdout.read, daemon=True).start()
            time.sleep(2)
            rest = sum(pss(pid) for pid in below(server.pid))
            watch = Watch(server.pid)
            watch.start()
            begin = time.monotonic()
            subprocess.run(["node", ROOT / "tests/browser/open.mjs", address, notebook, pathlib.Path(folder, "shot.png")], check=True, stdout=subprocess.DEVNULL,
                           env={**os.environ, "CONVLAB_LAB": str(LAB)})
            seconds = time.monotonic() - begin
            watch.on = False
            watch.join()
            time.sleep(2)
            after = {pid: (kind(pid, name), pss(pid)) for pid, name in below(server.pid).items()}
            print(f"{notebook}: {seconds:.0f} s from opening the page to the last cell, load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
            print(f"server at rest {rest:.0f} MB, at most {watch.most:.0f} MB at once, {sum(mb for _, mb in after.values()):.0f} MB when all cells have run")
            for part, mb in watch.parts.most_common():
                print(f"  {part}: at most {mb:.0f} MB, {sum(m for k, m in after.values() if k == part):.0f} MB afterwards")
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


if __name__ == "__main__":
    sys.exit(main())
