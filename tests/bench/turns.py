"""What the benches share: programs take turns in one run, and every turn is
kept. README.md beside this file tells the form of the result.

    bench = Bench("conv", title="…", ours="convlab", cases=2, rounds=15)
    for name in "standard", "strided":
        bench.case(name, {"convlab": ours, "PyTorch": torch}, unit="ms")
    bench.save(versions={"torch": "2.15.0"}, notes=["…"])

A program is a function that takes one turn and gives (steps, seconds, busy):
how many steps it made, how long they took, and the processor time of all its
threads.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import atomicfile  # noqa: E402

LAB = pathlib.Path(os.environ.get("CONVLAB_LAB") or ROOT / ".lab")
RESULTS = LAB / "bench" / "results"
COMMIT = ROOT / "COMMIT"  # of a bundle that was made from a checkout
os.environ.setdefault("PJRT_PLUGIN_LIBRARY_PATH", str(LAB / "plugins"))
os.environ.setdefault("GOMLX_NO_AUTO_INSTALL", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # PyTorch's threads do not spin while they wait: that would count as work, and slow it beside other programs


def options(**defaults):
    """The command line: --rounds N, --only WORD, and what a bench adds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="only the cases whose name has this word")
    for name, value in defaults.items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    return parser.parse_args()


class Bench:
    def __init__(self, name, title, ours, cases, rounds):
        atomicfile.writable(RESULTS)
        self.result = {"name": name, "title": title, "ours": ours, "date": datetime.date.today().isoformat(), "commit": commit(),
                       "machine": machine(), "load": [os.getloadavg()[0]], "cases": []}
        self.expected, self.rounds = cases, rounds
        self.start, self.elapsed, self.others, self.told = time.monotonic(), 0.0, 0.0, 0.0

    def case(self, name, programs, unit, work=1.0, flops=0.0, bytes=0.0):
        """Lets the programs take turns for all rounds, after one round that
        does not count. The order moves on by one each round, so that nobody
        always follows the same neighbour.

        unit: "ms" a step, or any rate: work (per step) a second.
        flops: floating-point operations of one step, 0 if not to be counted.
        bytes: what one step reads and writes at least, 0 if not to be counted.
        """
        names = list(programs)
        seconds, busy = {n: [] for n in names}, {n: [] for n in names}
        for r in range(self.rounds + 1):
            self.progress(name, r)
            for i in range(len(names)):
                n = names[(i + r) % len(names)]
                before, at = machine_busy(), time.monotonic()
                steps, took, used = programs[n]()
                if r > 0:
                    self.elapsed += time.monotonic() - at
                    self.others += max(0.0, machine_busy() - before - used)
                    seconds[n].append(figure(took / steps))
                    busy[n].append(figure(used / steps))
        self.result["cases"].append({"case": name, "unit": unit, "work": work, "flops": flops, "bytes": bytes, "seconds": seconds, "busy": busy})

    def progress(self, case, round):
        done = (len(self.result["cases"]) + round / (self.rounds + 1)) / self.expected
        spent = time.monotonic() - self.start
        left = f", about {spent / done - spent:.0f} s left" if round > 0 or self.result["cases"] else ""
        line = f"{self.result['name']}: {case}, round {round} of {self.rounds}; {spent:.0f} s spent{left}"
        if sys.stderr.isatty():
            print(f"\r{line}\033[K", end="", file=sys.stderr, flush=True)
        elif round == 0 or time.monotonic() - self.told > 60:
            print(line, file=sys.stderr, flush=True)
            self.told = time.monotonic()

    def save(self, versions, notes=(), roof="", memory=""):
        """roof: the name of the case whose fastest program is the machine's roof
        for operations; memory: that for bytes, if they count too."""
        self.result |= {"versions": versions, "notes": list(notes), "roof": roof, "memory": memory, "seconds": round(time.monotonic() - self.start),
                        "others": round(self.others / max(self.elapsed, 1e-9), 2)}
        self.result["load"] = [round(x, 2) for x in self.result["load"] + [os.getloadavg()[0]]]
        path = RESULTS / f"{self.result['name']}.json"
        atomicfile.write(path, dumps(self.result))
        end = "\n" if sys.stderr.isatty() else ""
        print(f"{end}{self.result['name']}: {path}", file=sys.stderr)


class Program:
    """A process that reads lines of words and answers each with one line of
    numbers, or with "error: …". Its first line is what it says of itself."""

    def __init__(self, *command, **more):
        self.command = [str(c) for c in command]
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, **more)
        self.about = self.line()

    def line(self):
        line = self.process.stdout.readline().strip()
        if not line or line.startswith("error"):
            raise RuntimeError(f"{' '.join(self.command)}: {line or 'the program ended'}")
        return line

    def ask(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        return [float(x) for x in self.line().split()]

    def turn(self, *words, steps):
        """A program for Bench.case: asks for so many steps, and takes the
        answer's first two numbers for seconds and busy."""
        return lambda: (steps, *self.ask(*words, steps)[:2])


def go_build(package):
    """Builds a Go program of this repository; the path of the binary. A bundle
    for a machine without Go has it already."""
    binary = LAB / "bench" / "bin" / pathlib.Path(package).name
    if COMMIT.exists():
        return binary
    subprocess.run(["go", "build", "-o", binary, package], cwd=ROOT, check=True)
    return binary


def figure(x):
    return float(f"{x:.5g}")


def dumps(result):
    """JSON with a line for each program's turns, so that a change can be read."""
    text = json.dumps(result, indent=1, ensure_ascii=False)
    out, inside = [], False
    for line in text.splitlines():
        if inside:
            out[-1] += line.strip().replace(",", ", ") if line.strip() not in ("]", "],") else line.strip()
        else:
            out.append(line)
        if line.rstrip().endswith(": ["):
            inside = line.strip().split('"')[1] not in ("cases", "notes")
        elif line.strip() in ("]", "],"):
            inside = False
    return "\n".join(out) + "\n"


def machine_busy():
    """Seconds that all cores of this machine have worked, for anybody."""
    try:
        words = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    except OSError:
        return 0.0  # not Linux: others' work is not known
    user, nice, system, _idle, _wait, irq, softirq, steal = map(int, words)
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def machine():
    info = {"processor": platform.machine(), "cores": len(os.sched_getaffinity(0)), "system": f"{platform.system()} {platform.release().split('-')[0]}"}
    try:
        cpu = pathlib.Path("/proc/cpuinfo").read_text()
    except OSError:
        return info
    fields = dict(line.split(":", 1) for line in cpu.split("\n\n")[0].splitlines() if ":" in line)
    fields = {k.strip(): v.strip() for k, v in fields.items()}
    flags = fields.get("flags", "").split()
    simd = next((name for flag, name in (("avx512f", "AVX-512"), ("avx2", "AVX2")) if flag in flags), "no AVX2")
    return info | {"processor": f"{fields.get('model name', info['processor'])} with {simd}",
                   "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"}


def commit():
    if COMMIT.exists():
        return COMMIT.read_text().strip()
    git = lambda *a: subprocess.run(["git", *a], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    return git("rev-parse", "--short=12", "HEAD") + (" with changes" if git("status", "--porcelain", "-uno") else "")
