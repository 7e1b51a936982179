"""Templates that speak the language of the moment: ``{% trans %}``, ``_()`` and ``ngettext()``, ``| worded``.

The same compiled template serves every language: messages are looked up when it is rendered. A value that is empty
is refused as everywhere else in a letter, and escaped where the template escapes.
"""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from workflow.language import gettext, ngettext, spoken_now, worded

EXTENSION = "jinja2.ext.i18n"


def teach_languages(environment: Environment) -> None:
    """Give the templates of ``environment`` (made with :data:`EXTENSION`) the functions and filters above."""
    environment.policies["ext.i18n.trimmed"] = True
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # the extension adds it
    environment.globals |= {"gettext": _one, "_": _one, "ngettext": _counted, "spoken_now": spoken_now}
    environment.filters["worded"] = worded


@pass_context
def _one(context: Context, message: str, **values: Any) -> str:
    return _filled(context, gettext(message), values)


@pass_context
def _counted(context: Context, one: str, many: str, count: int, **values: Any) -> str:
    return _filled(context, ngettext(one, many, count), {"num": count} | values)


def _filled(context: Context, said: str, values: dict[str, Any]) -> str:
    if None in values.values():
        raise TypeError("a sentence is told an empty value (None)")
    whole = Markup(said) if context.eval_ctx.autoescape else said  # noqa: S704  our own words; values are escaped
    return whole % values if values else whole.replace("%%", "%")
