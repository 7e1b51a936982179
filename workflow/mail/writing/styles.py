"""CSS moved from the layout's ``<style>`` into ``style`` attributes, in the templates and before they are compiled.

A second ``<style data-css-inline="ignore">`` stays as it is: a dark screen's colours cannot stand in attributes.

Done on the templates and not on the letters: what people typed never passes through an HTML parser, and each
letter costs nothing. The parser knows no Jinja, so tags are hidden while it works: as comments between elements
(which stay put even inside a table), as plain words inside attributes and the title, where comments are text.
"""

from __future__ import annotations

import re
from functools import lru_cache

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_STYLE = re.compile(r"<style>(.*?)</style>\s*", re.DOTALL)
_MASK = re.compile(r"<!--jinja(\d+)-->|jinja(\d+)jinja")


def style_of(layout: str) -> str:
    """The style sheet of the layout: the text of its one ``<style>`` element, ``""`` without one."""
    found = _STYLE.search(layout)
    return found.group(1) if found else ""


@lru_cache(maxsize=256)  # letters are made anew for each sender and set of rules, from the same templates
def inlined(source: str, css: str) -> str:
    """The HTML template ``source`` with ``css`` in its ``style`` attributes and every Jinja tag untouched.

    ``ValueError`` where a tag would be lost: half a tag or attribute written by a loop, text outside a table cell.
    """
    tags: list[str] = []
    masked = ""
    last = 0
    for tag in _TAG.finditer(source):
        masked += source[last : tag.start()]
        inside = masked.rfind("<") > masked.rfind(">") or masked.rstrip().endswith("<title>")
        masked += f"jinja{len(tags)}jinja" if inside else f"<!--jinja{len(tags)}-->"
        tags.append(tag.group())
        last = tag.end()
    masked += source[last:]
    import css_inline  # not where compiled templates lie ready

    if "<html" in masked:
        done = css_inline.inline(
            _STYLE.sub("", masked), extra_css=css, keep_style_tags=True, load_remote_stylesheets=False
        )
    else:
        done = css_inline.inline_fragment(masked, css, load_remote_stylesheets=False)
    if sorted(int(a or b) for a, b in _MASK.findall(done)) != list(range(len(tags))):
        raise ValueError("a template tag stands where HTML allows neither a comment nor a word")
    return _MASK.sub(lambda mask: tags[int(mask.group(1) or mask.group(2))], done)
