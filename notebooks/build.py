"""Builds the course: notebooks/src/*.md, each with both languages, become
notebooks/en/*.ipynb and notebooks/zh/*.ipynb: the same code, with texts and comments in
the notebook's language.

  python notebooks/build.py            execute everything and write the notebooks
  python notebooks/build.py --check    write nothing: fail where a notebook is stale,
                                       a cell fails or an output is not reproduced
  python notebooks/build.py --redraw   after a change of pictures: execute as a check does;
                                       cells that vary keep their trainings and times
  python notebooks/build.py 3.1 3.4    only these parts

A markdown cell of one language stands in <!-- #region lang="en" --> … <!-- #endregion -->.
In all cells «stride|步长» becomes stride in English and 步长 in Chinese. In markdown
  - (?) a hint                 folds a hint away, numbered within its cell;
  - (x) a choice :: why        folds the explanation of the right choice of a question under
  - ( ) a choice :: why        it, and of a wrong one.
A code cell tagged "setup" is shown collapsed.

A code cell tagged "varies" prints what depends on the machine or on how long
training went on; of such a cell a check compares only the kinds of output. In all others
every text must come again, times and the line numbers of errors aside. CONVLAB_FAST=1
shortens training in every cell that uses convviz, which reads it.

An exercise is
  - the task in markdown, in both languages;
  - one code cell: a function that the student completes, whose zero value means "not
    written yet"; an ordinary Go test of it, which skips with a friendly word in both
    languages while it is not written; and `%test` as the last line;
  - markdown right after it, in both languages, with the worked answer folded away:
    <details><summary>Answer</summary> … ```go … ``` … </details>. The ```go block
    declares the function anew; a word on why may stand around it.
The committed notebook shows the tests skipped. In every run the worked answers are then
declared in the same kernel and the same tests run again: each must pass, or the notebook
is refused. One run of the kernel does it for all answers of a notebook, so two exercises
of it must not share names.
"""
import argparse
import asyncio
import difflib
import hashlib
import os
import pathlib
import re
import sys
import time

import jupytext
import nbclient
import nbformat

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tools"))
import atomicfile  # noqa: E402

LANGUAGES = {"en": "English", "zh": "简体中文"}
RUNS = pathlib.Path(os.environ.get("CONVLAB_LAB") or HERE.parent / ".lab") / "tmp"  # what cells train is kept below it until their part's end
CELL_TIMEOUT = 3600  # seconds; a training cell of a full build is the longest


PAIR = re.compile(r"«([^«»|]*)\|([^«»|]*)»")
HINT = re.compile(r"^- \(\?\) (.+)$", re.MULTILINE)
CHOICE = re.compile(r"^- \((x| )\) (.+?) :: (.+)$", re.MULTILINE)
WORDS = {"en": {"hint": "Hint", "x": "Right.", " ": "No."}, "zh": {"hint": "提示", "x": "正确。", " ": "不对。"}}


def spoken(text, language):
    """A cell's source with the words of one language."""
    return PAIR.sub(lambda pair: pair[1 + list(LANGUAGES).index(language)], text)


def folded(text, language):
    """Markdown with hints and choices that unfold when clicked."""
    words, hints = WORDS[language], iter(range(1, 100))
    text = HINT.sub(lambda m: f"<details><summary>{words['hint']} {next(hints)}</summary>\n\n{m[1]}\n</details>\n", text)
    return CHOICE.sub(lambda m: f"<details><summary>{m[2]}</summary>\n\n**{words[m[1]]}** {m[3]}\n</details>\n", text)


def build(source, language):
    """The notebook of one language, without outputs."""
    book = jupytext.read(source)
    cells = []
    for cell in book.cells:
        if cell.metadata.pop("lang", language) != language:
            continue
        cell.source = spoken(cell.source, language)
        if cell.cell_type == "code":
            cell.execution_count, cell.outputs = None, []
            if "setup" in cell.metadata.get("tags", []):
                cell.metadata["jupyter"] = {"source_hidden": True, "outputs_hidden": True}
        else:
            cell.source = folded(cell.source, language)
        cell["id"] = f"{source.stem.split('-')[0].replace('.', '-')}-{len(cells):03d}"
        cells.append(cell)
    book.cells = cells
    book.metadata = nbformat.from_dict({
        "kernelspec": {"display_name": "Go (convlab)", "language": "go", "name": "gonb"},
        "language_info": {"name": "go", "file_extension": ".go", "mimetype": "text/x-go"},
    })
    return book


EXERCISE = re.compile(r"^%test\b", re.MULTILINE)
TEST = re.compile(r"^func (Test\w+)\(", re.MULTILINE)
ANSWER = re.compile(r"<details>(?:(?!</details>).)*?^```go\n(.*?)^```$.*?</details>", re.DOTALL | re.MULTILINE)


class AnswerError(Exception):
    """An exercise that is solved already, has no worked answer, or a wrong one."""


def exercises(book):
    """The exercises of a notebook: their code cells and worked answers."""
    found = []
    for i, cell in enumerate(book.cells):
        if cell.cell_type != "code" or not EXERCISE.search(cell.source):
            continue
        after = book.cells[i + 1] if i + 1 < len(book.cells) else None
        answer = ANSWER.search(after.source) if after and after.cell_type == "markdown" else None
        if not answer:
            raise AnswerError(f"the exercise in cell {cell.id} has no folded ```go answer right after it")
        found.append((cell, answer[1]))
    return found


def results(cell):
    """What a cell's tests came to: name → PASS, SKIP or FAIL."""
    said = "".join(o.get("text", "") for o in cell.get("outputs", []))
    return {name: result for result, name in re.findall(r"^--- (\w+): (\w+) ", said, re.MULTILINE)}


def answers_cell(found):
    """A cell that declares all worked answers and runs their tests again."""
    tests = [name for cell, _ in found for name in TEST.findall(cell.source)]
    source = "\n".join(answer for _, answer in found)
    return nbformat.v4.new_code_cell(f"{source}\n%test -test.v -test.run=^({'|'.join(tests)})$"), tests


def check_exercises(found, again, tests):
    for cell, _ in found:
        for name in TEST.findall(cell.source):
            if results(cell).get(name) != "SKIP":
                raise AnswerError(f"{name} does not skip while its exercise is not written")
    for name in tests:
        if results(again).get(name) != "PASS":
            raise AnswerError(f"the worked answer does not pass {name}: {results(again).get(name, 'it did not run')}")


def joined(outputs):
    """The outputs with pieces of text that follow each other made one: a page would begin a line for each."""
    whole = []
    for output in outputs:
        if "text" in output and whole and whole[-1].get("name") == output["name"]:
            whole[-1]["text"] += output["text"]
        else:
            whole.append(output)
    return whole


async def execute(book, language, what, **environment):
    start = time.monotonic()
    found = exercises(book)
    if found:
        again, tests = answers_cell(found)
        book.cells.append(again)
    client = nbclient.NotebookClient(
        book, timeout=CELL_TIMEOUT, kernel_name="gonb", resources={"metadata": {"path": str(HERE / language)}},
        record_timing=False)
    await client.async_execute(env={**os.environ, **environment})
    if found:
        book.cells.pop()
        check_exercises(found, again, tests)
    for cell in book.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            output.pop("transient", None)
        if "outputs" in cell:
            cell.outputs = joined(cell.outputs)
    print(f"{what}: executed in {time.monotonic() - start:.0f} s", flush=True)


ID = re.compile(r"convlab-[0-9a-f]{8}\b")  # of a step-through on the page, new each time
PIXELS = re.compile(r"data:image/png;base64,[\w+/=]+")  # a rounding that another processor does may change one
LINE = re.compile(r"\bmain(_test)?\.go:\d+")  # of the program that the kernel makes of all cells: an import more moves it
TIME = re.compile(r"[\d,.]+ ?(ns|µs|ms|s|min|h|img/s|images/s)\b")


def settled(cell):
    """A cell's outputs, each stream whole and before the pictures: the kernel sends lines and
    pictures by two ways, so a line can come in two pieces, and before or after a picture."""
    streams, rest = {}, []
    for output in cell.get("outputs", []):
        if "text" in output:
            streams[output["name"]] = streams.get(output["name"], "") + output["text"]
        else:
            rest.append(output)
    return [{"output_type": "stream", "name": name, "text": text} for name, text in sorted(streams.items())] + rest


def kinds(cell):
    """What kinds of output a cell has."""
    return [(output["output_type"], output.get("name") or tuple(sorted(output.get("data", {})))) for output in settled(cell)]


def texts(cell):
    """All that a cell shows as text, without times, ids, line numbers and pixels."""
    lines = []
    for output in settled(cell):
        parts = {"text": output["text"]} if "text" in output else output.get("data", {})
        for mime, text in parts.items():
            if mime != "image/png":
                text = PIXELS.sub("PIXELS", ID.sub("ID", "".join(text)))
                lines += LINE.sub("LINE", TIME.sub("TIME", text)).splitlines()
    return lines


def is_stale(committed, fresh):
    """Whether the cells are others."""
    def sources(book):
        return [(c.cell_type, c.source, c.id) for c in book.cells]

    return sources(committed) != sources(fresh)


def compare(name, committed, fresh):
    """Where the committed notebook and the fresh one differ."""
    if is_stale(committed, fresh):
        return [f"{name} is stale: run `make notebooks`"]
    problems = []
    for old, new in zip(committed.cells, fresh.cells):
        if old.cell_type != "code":
            continue
        varies = "varies" in old.metadata.get("tags", [])
        if old.execution_count is None:
            problems.append(f"{name}, cell {old.id}: it was committed without being executed")
        elif set(kinds(old)) != set(kinds(new)) or not varies and kinds(old) != kinds(new):
            problems.append(f"{name}, cell {old.id}: kinds of output {kinds(new)}, committed {kinds(old)}")
        elif not varies and texts(old) != texts(new):
            diff = "\n".join(list(difflib.unified_diff(texts(old), texts(new), "committed", "now", lineterm="", n=0))[:20])
            problems.append(f"{name}, cell {old.id}: the output is another:\n{diff}")
    return problems


async def check_language(sources, language):
    """Executes the notebooks of one language in order and compares them with the committed ones."""
    problems = []
    with atomicfile.folder(RUNS) as runs:
        for source in sources:
            name = f"{language}/{source.stem}.ipynb"
            path, fresh = HERE / name, build(source, language)
            if not path.exists():
                problems.append(f"{name} is missing: run `make notebooks`")
                continue
            try:
                await execute(fresh, language, name, CONVLAB_RUNS=runs, CONVLAB_FAST="1")
                problems += compare(name, nbformat.read(path, 4), fresh)
            except nbclient.exceptions.CellExecutionError as error:
                problems.append(f"{name}: a cell failed:\n{error}")
            except AnswerError as error:
                problems.append(f"{name}: {error}")
    return problems


async def check(sources):
    """What is wrong with the notebooks; the two languages run side by side."""
    return sum(await asyncio.gather(*(check_language(sources, language) for language in LANGUAGES)), [])


def list_hashes():
    """Lists what JupyterLab may trust, see tools/jupyter/server_config.py."""
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(HERE)}\n" for language in LANGUAGES for path in sorted((HERE / language).glob("*.ipynb"))]
    atomicfile.write(HERE / "SHA256SUMS", "".join(lines))


async def write(sources):
    """Executes every notebook in full, one after the other: figures of training stand alone."""
    for language in LANGUAGES:
        atomicfile.writable(HERE / language)
        with atomicfile.folder(RUNS) as runs:
            for source in sources:
                book = build(source, language)
                path = HERE / language / f"{source.stem}.ipynb"
                path.parent.mkdir(exist_ok=True)
                try:
                    await execute(book, language, f"{language}/{path.name}", CONVLAB_RUNS=runs)
                except AnswerError as error:
                    sys.exit(f"{language}/{path.name}: {error}")
                atomicfile.write(path, nbformat.writes(book) + "\n")


async def redraw_language(sources, language):
    """Executes the notebooks of one language shortened; what varies keeps the outputs that it had."""
    with atomicfile.folder(RUNS) as runs:
        for source in sources:
            name = f"{language}/{source.stem}.ipynb"
            path, fresh = HERE / name, build(source, language)
            had = {cell.source: cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"}
            varied = [cell for cell in fresh.cells if cell.cell_type == "code" and "varies" in cell.metadata.get("tags", [])]
            if any(cell.source not in had for cell in varied):
                sys.exit(f"{name}: a cell that varies has changed: run `make notebooks PARTS={source.stem.split('-')[0]}`")
            try:
                await execute(fresh, language, name, CONVLAB_RUNS=runs, CONVLAB_FAST="1")
            except AnswerError as error:
                sys.exit(f"{name}: {error}")
            for cell in fresh.cells:
                old = had.get(cell.source) if cell.cell_type == "code" else None
                if old and (cell in varied or texts(old) == texts(cell)):
                    cell.outputs = old.outputs
            atomicfile.write(path, nbformat.writes(fresh) + "\n")


async def redraw(sources):
    """Writes new pictures without training or timing anew; the two languages run side by side."""
    await asyncio.gather(*(redraw_language(sources, language) for language in LANGUAGES))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="execute and compare; write nothing")
    parser.add_argument("--redraw", action="store_true", help="execute shortened, and write all but the outputs of cells that vary")
    parser.add_argument("parts", nargs="*", help="parts of the lesson, as 3.1 (default: all)")
    args = parser.parse_args()
    sources = sorted((HERE / "src").glob("*.md"))
    if args.parts:
        sources = [s for s in sources if s.stem.split("-")[0] in args.parts]
    if not sources:
        sys.exit("no such part; there are: " + " ".join(s.stem for s in sorted((HERE / "src").glob("*.md"))))
    if not args.check:
        asyncio.run(redraw(sources) if args.redraw else write(sources))
        list_hashes()
        return
    problems = asyncio.run(check(sources))
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{2 * len(sources)} notebooks checked, {len(problems)} problems")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
