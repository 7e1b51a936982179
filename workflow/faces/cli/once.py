"""Refuses an option that is given twice (the parser would silently keep the last)."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperOption


class Once(TyperCommand):
    """Refuses an option that is given twice and takes one value."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As always; a usage error (exit 2) where one of two values would be dropped. ``ctx``: of the click that
        typer carries."""
        if not ctx.resilient_parsing:
            _, _, order = self.make_parser(ctx).parse_args(list(args))
            for option in order:
                if isinstance(option, TyperOption) and _takes_one(option) and order.count(option) > 1:
                    said = f"given {order.count(option)} times, and it takes one value. Run the command once for each"
                    raise typer.BadParameter(said, ctx, option)
        return super().parse_args(ctx, args)


def _takes_one(option: TyperOption) -> bool:
    return not (option.multiple or option.count or option.is_flag)


def once(app: typer.Typer) -> None:
    """Let every command of ``app`` and of its groups take each option once."""
    for command in app.registered_commands:
        command.cls = Once
    for group in app.registered_groups:
        assert group.typer_instance is not None
        once(group.typer_instance)
