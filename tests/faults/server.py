"""JupyterLab as `make lab` starts it, after a line of JSON that names a path
for each of its routes: {"routes": [...]}. Arguments are JupyterLab's."""
import itertools
import json
import re
import sys

from jupyterlab.labapp import LabApp

PARTS = ["", "1", "x", "lab", "notebook", "html", "a.ipynb", "/a.ipynb", "a.txt", "0a1b2c3d-0a1b-4c2d-8e3f-0a1b2c3d4e5f", "interrupt", "@jupyterlab/a:b", "gonb", "a.png", "robots.txt", "favicon.ico", "themes/x", "css/x", "static/x", "api/x"]


def sample(matcher):
    """A path that the route's pattern matches."""
    pattern = matcher.regex.pattern
    outline = re.sub(r"\\(.)", r"\1", pattern.removesuffix("$").replace("/?", ""))
    pieces, depth, begin = [""], 0, 0
    for i, c in enumerate(outline):  # groups, the outermost
        if c == "(":
            depth += 1
            if depth == 1:
                pieces.append(None)
                continue
        if c == ")":
            depth -= 1
            if depth == 0:
                pieces.append("")
                continue
        if depth == 0:
            pieces[-1] += c
    gaps = [i for i, piece in enumerate(pieces) if piece is None]
    for choice in itertools.product(PARTS, repeat=len(gaps)):
        for i, part in zip(gaps, choice):
            pieces[i] = part
        for path in ("".join(pieces), "".join(pieces).replace("?", ""), "".join(pieces).replace(".*", "/x")):
            if path.startswith("/") and matcher.regex.match(path):
                return path
    return None


def patterns(router):
    """The patterns of a router's routes and of those below it."""
    for rule in router.rules:
        if hasattr(rule.target, "rules"):
            yield from patterns(rule.target)
        elif hasattr(rule.matcher, "regex"):
            yield rule.matcher


server = LabApp.initialize_server(sys.argv[1:])
paths = {matcher.regex.pattern: sample(matcher) for matcher in patterns(server.web_app.default_router)}
print(json.dumps({"routes": sorted({path for path in paths.values() if path}), "unknown": [pattern for pattern, path in paths.items() if not path]}), flush=True)
server.start()
