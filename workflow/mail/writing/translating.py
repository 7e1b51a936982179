"""Templates in the language of the moment: ``{% trans %}``, ``_()`` and ``ngettext()``, ``| worded``.

The same compiled template serves every language: messages are looked up when it is rendered. A value that is empty
is refused as everywhere else in a letter, and escaped where the template escapes.
"""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, nodes, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from workflow.language import gettext, ngettext, spoken_now, worded

EXTENSION = "jinja2.ext.i18n"
_ASKED = {"_": "gettext", "gettext": "gettext", "ngettext": "ngettext"}


class Fast(Environment):
    """An environment that asks for words as a filter does: a call goes through the sandbox each time, which costs a
    letter a tenth."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _quicker(tree)
        return tree


def _quicker(node: nodes.Node) -> None:
    for field, value in node.iter_fields():
        if isinstance(value, list):
            value[:] = [_asked(one) for one in value]
        elif isinstance(value, nodes.Node):
            setattr(node, field, _asked(value))


def _asked(node: Any) -> Any:
    if isinstance(node, nodes.Node):
        _quicker(node)
    if (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name in _ASKED
        and node.args
    ):
        name = _ASKED[node.node.name]
        return nodes.Filter(
            node.args[0], name, node.args[1:], node.kwargs, node.dyn_args, node.dyn_kwargs, lineno=node.lineno
        )
    return node


def teach_languages(environment: Environment) -> None:
    """Give the templates of ``environment`` (made with :data:`EXTENSION`) the functions and filters above."""
    environment.policies["ext.i18n.trimmed"] = True
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # the extension adds it
    environment.globals |= {"gettext": _one, "_": _one, "ngettext": _counted, "spoken_now": spoken_now}
    environment.filters |= {"worded": worded, "gettext": _one, "ngettext": _counted}


@pass_context
def _one(context: Context, message: str, **values: Any) -> str:
    return _filled(context, gettext(message), values)


@pass_context
def _counted(context: Context, one: str, many: str, count: int, **values: Any) -> str:
    return _filled(context, ngettext(one, many, count), {"num": count} | values)


def _filled(context: Context, said: str, values: dict[str, Any]) -> str:
    if not context.eval_ctx.autoescape:
        return said % _told(values) if values else said.replace("%%", "%")
    if not values:
        return Markup(said.replace("%%", "%"))
    kept = {name: one if type(one) is int else escape(one) for name, one in _told(values).items()}
    return Markup(said % kept)  # our own words around escaped values


def _told(values: dict[str, Any]) -> dict[str, Any]:
    if None in values.values():
        raise TypeError("a sentence is told an empty value (None)")
    return values
