"""Makes a web site of the course: every notebook of both languages as a page that needs
no server and no network.

  python notebooks/website.py FOLDER      write the site there; FOLDER/index.html is its start

Formulas become MathML, live pictures stay alive, and pages refer to each other by
relative paths, so that the folder can lie on a stick, on a server or in a zip file.
"""
import argparse
import concurrent.futures
import html
import json
import os
import pathlib
import re
import shutil

import latex2mathml.converter
import nbformat
from nbconvert.filters import ansi2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name, guess_lexer_for_filename
from pygments.util import ClassNotFound

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
PAGE = (HERE / "website" / "page.html").read_text(encoding="utf-8")
WORDS = {
    "en": {"lang": "en", "other": "zh", "name": "简体中文", "contents": "Contents", "search": "Search", "slides": "Slides", "skip": "Skip to the text",
           "start": "All parts", "teaching": "For teachers", "source": "Source", "next": "Next", "before": "Before", "found": "Nothing found", "code": "Code"},
    "zh": {"lang": "zh-CN", "other": "en", "name": "English", "contents": "目录", "search": "搜索", "slides": "幻灯片", "skip": "跳到正文",
           "start": "全部内容", "teaching": "教师用书", "source": "源代码", "next": "下一节", "before": "上一节", "found": "没有找到", "code": "代码"},
}
FRONT = {"en": "notebooks/index.md", "zh": "notebooks/index.zh.md"}
TEACHING = {"en": "docs/teaching.md", "zh": "docs/teaching.zh.md"}


class Renderer(IPythonRenderer):
    """Markdown as HTML, with formulas as MathML."""

    def block_math(self, body):
        return f'<span class="formula wide">{latex2mathml.converter.convert(body.strip(), display="block")}</span>'

    def inline_math(self, body):
        return latex2mathml.converter.convert(body.strip())

    def block_code(self, code, info=None):
        return code_of(code, (info or "text").split()[0])


def markdown(text):
    markup = MarkdownWithMath(renderer=Renderer(escape=False, exclude_anchor_links=True)).render(text)
    return re.sub(r"(<table\b.*?</table>)", r'<div class="wide">\1</div>', markup, flags=re.DOTALL)


def code_of(code, language):
    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        lexer = get_lexer_by_name("text")
    return f'<pre class="code">{highlight(code.rstrip(), lexer, HtmlFormatter(nowrap=True))}</pre>\n'


def text_of(markup):
    """What a reader sees of HTML, for the search."""
    markup = re.sub(r"<(script|style|annotation|svg)\b.*?</\1>", " ", markup, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def output(o):
    """An output of a cell: a live picture before a still one, outlines before pixels."""
    if o.output_type == "stream":
        return f'<pre class="out">{ansi2html(o.text)}</pre>\n'
    if o.output_type == "error":
        return f'<pre class="out">{ansi2html(chr(10).join(o.traceback))}</pre>\n'
    data = o.get("data", {})
    if "text/html" in data:
        kind = "picture wide" if "convlab-" not in data["text/html"] else "picture"  # a table; a live picture sees to its own width
        return f'<div class="{kind}">{data["text/html"]}</div>\n'
    if "image/svg+xml" in data:
        svg = re.sub(r"^.*?(?=<svg)", "", data["image/svg+xml"], flags=re.DOTALL)
        return f'<div class="picture wide">{svg}</div>\n'
    if "image/png" in data:
        alt = html.escape(data.get("text/plain", ""), quote=True)
        return f'<div class="picture"><img alt="{alt}" src="data:image/png;base64,{data["image/png"].strip()}"></div>\n'
    return f'<pre class="out">{html.escape(data.get("text/plain", ""))}</pre>\n'


def cell(c, words):
    if c.cell_type == "markdown":
        return markdown(c.source)
    code = code_of(c.source, "go")
    if "setup" in c.metadata.get("tags", []):
        code = f"<details><summary>{words['code']}</summary>\n{code}</details>\n"
    return code + "".join(output(o) for o in c.outputs)


def sections(parts):
    """Splits (anchor, HTML) of cells where a heading of the second level begins."""
    all_sections = []
    for anchor, markup in parts:
        found = re.match(r"\s*<h[12][^>]*>(.*?)</h[12]>", markup, re.DOTALL)
        if found or not all_sections:
            all_sections.append({"anchor": anchor, "title": text_of(found[1]) if found else "", "markup": ""})
        all_sections[-1]["markup"] += markup
    return all_sections


class Site:
    """What there is to be linked, and where it goes."""

    def __init__(self, folder):
        self.folder = folder
        self.stems = sorted(p.stem for p in (HERE / "en").glob("*.ipynb"))
        self.pages = {}  # source, below the root → page, below the folder
        for language in WORDS:
            self.pages[FRONT[language]] = f"{language}/index.html"
            if (ROOT / TEACHING[language]).exists():
                self.pages[TEACHING[language]] = f"{language}/teaching.html"
            for stem in self.stems:
                self.pages[f"notebooks/{language}/{stem}.ipynb"] = f"{language}/{stem}.html"
        self.files = {}  # sources that a page links to → their pages

    def link(self, at, target, page):
        """Where a link of the source `at` leads on its page; None: out of the site."""
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target) or not path:
            return target
        source = os.path.normpath(os.path.join(os.path.dirname(at), path))
        if source not in self.pages and not source.startswith("..") and (ROOT / source).exists():
            if source.startswith("notebooks/pictures/"):
                self.pages[source] = "pictures/" + os.path.basename(source)
            elif re.search(r"\.(go|md)$", source) or (ROOT / source).is_dir():
                self.pages[source] = self.files[source] = f"files/{source.replace('/', '-')}.html"
        if source not in self.pages:
            return None
        to = os.path.relpath(self.pages[source], os.path.dirname(page))
        return to + ("#" + anchor if anchor else "")

    def linked(self, markup, at, page):
        """HTML with its links led to pages; what is not in the site stays as text."""
        def anchor(m):
            to = self.link(at, html.unescape(m[1]), page)
            return m[2] if to is None else f'<a href="{html.escape(to)}">{m[2]}</a>'
        markup = re.sub(r'<a href="([^"]*)"[^>]*>(.*?)</a>', anchor, markup, flags=re.DOTALL)
        return re.sub(r'(<img src=")((?!data:)[^"]*)', lambda m: m[1] + (self.link(at, m[2], page) or m[2]), markup)


def contents(site, language, page, here):
    """The list of all pages, with the sections of this one."""
    words, lines = WORDS[language], []
    for source, title in site.titles[language].items():
        to = os.path.relpath(site.pages[source], os.path.dirname(page))
        current = site.pages[source] == page
        lines.append(f'<li><a href="{to}"{" aria-current=page" if current else ""}>{html.escape(title)}</a>')
        if current and len(here) > 1:
            lines.append("<ul>" + "".join(f'<li><a href="#{s["anchor"]}">{html.escape(s["title"])}</a></li>' for s in here[1:] if s["title"]) + "</ul>")
        lines.append("</li>")
    return f'<nav aria-label="{words["contents"]}"><ul>{"".join(lines)}</ul></nav>'


def write(site, language, page, title, here, other, around=("", "")):
    words = WORDS[language]
    up = os.path.relpath(".", os.path.dirname(page) or ".")
    body = "".join(f'<section id="{s["anchor"]}">\n{s["markup"]}</section>\n' for s in here)
    values = {**words, "title": html.escape(title), "up": up, "language": language, "nav": contents(site, language, page, here), "body": body,
              "other_page": os.path.relpath(other, os.path.dirname(page)), "previous": around[0], "following": around[1]}
    target = site.folder / page
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(re.sub(r"\{\{(\w+)\}\}", lambda m: values[m[1]], PAGE), encoding="utf-8")


def cells_of(job):
    """The sections of a notebook or a text, without its links. It runs in a process of its own."""
    source, language = job
    if source.endswith(".ipynb"):
        book = nbformat.read(ROOT / source, 4)
        return sections([(c.id, cell(c, WORDS[language])) for c in book.cells])
    parts = re.split(r"(?m)^(?=## )", (ROOT / source).read_text(encoding="utf-8"))
    return sections([(f"part-{i}", markdown(part)) for i, part in enumerate(parts)])


def build(folder):
    site = Site(folder)
    jobs = [(source, page.split("/")[0]) for source, page in site.pages.items()]
    with concurrent.futures.ProcessPoolExecutor() as pool:
        made = dict(zip(jobs, pool.map(cells_of, jobs)))
    site.titles = {language: {source: here[0]["title"] or source for (source, of), here in made.items() if of == language} for language in WORDS}
    for language, words in WORDS.items():
        site.titles[language][FRONT[language]] = words["start"]
        if TEACHING[language] in site.pages:
            site.titles[language][TEACHING[language]] = words["teaching"]
        index, sources = [], list(site.titles[language])
        order = [f"notebooks/{language}/{stem}.ipynb" for stem in site.stems]
        for source in sources:
            here, page = made[source, language], site.pages[source]
            other = page.replace(language, words["other"], 1)
            for s in here:
                s["markup"] = site.linked(s["markup"], source, page)
                index.append([os.path.relpath(page, language) + "#" + s["anchor"], site.titles[language][source], s["title"], text_of(s["markup"])])
            around = ["", ""]
            if source in order:
                at = order.index(source)
                for i, (key, there) in enumerate((("before", at - 1), ("next", at + 1))):
                    if 0 <= there < len(order):
                        around[i] = f'<a href="{os.path.basename(site.pages[order[there]])}">{words[key]}: {html.escape(site.titles[language][order[there]])}</a>'
            write(site, language, page, site.titles[language][source], here, other, around)
        text = json.dumps(index, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
        (folder / language / "search.js").write_text(f"window.convlabIndex = {text};\n", encoding="utf-8")
    for source in list(site.pages):  # links of a linked text lead to no further ones
        if source.startswith("notebooks/pictures/"):
            (folder / "pictures").mkdir(exist_ok=True)
            shutil.copy(ROOT / source, folder / site.pages[source])
    for source, page in list(site.files.items()):
        write_source(site, source, page)
    for name in ("style.css", "page.js", "index.html"):
        shutil.copy(HERE / "website" / name, folder / name)


def write_source(site, source, page):
    """The page of a file, or of the Go files of a folder, that a text refers to."""
    paths = [ROOT / source] if (ROOT / source).is_file() else sorted(p for p in (ROOT / source).glob("*.go") if not p.name.endswith("_test.go"))
    parts = [("top", f"<h1>{html.escape(source)}</h1>\n")]
    for i, path in enumerate(paths):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".md":
            markup = re.sub(r'<a href="(?!https?:)[^"]*"[^>]*>(.*?)</a>|<img[^>]*>', r"\1", markdown(text), flags=re.DOTALL)
            markup = re.sub(r"<(/?)h1\b", r"<\1h2", markup)
        else:
            markup = code_of(text, guess_lexer_for_filename(path.name, text).aliases[0])
        parts.append((f"file-{i}", (f"<h2>{html.escape(path.name)}</h2>\n" if len(paths) > 1 else "") + markup))
    write(site, "en", page, source, sections(parts), "zh/index.html")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    folder = parser.parse_args().folder
    if folder.exists() and any(folder.iterdir()) and not (folder / "page.js").exists():
        raise SystemExit(f"website: {folder} holds something else than a site: name a new folder")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    build(folder)
    files = [p for p in folder.rglob("*") if p.is_file()]
    print(f"{sum(p.suffix == '.html' for p in files)} pages, {sum(p.stat().st_size for p in files) / 1e6:.0f} MB: open {folder / 'index.html'}")


if __name__ == "__main__":
    main()
