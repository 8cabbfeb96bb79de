"""Options of every command, taken before or behind the command's name: people type both."""

from collections.abc import Iterator, Mapping
from typing import Any

from typer.core import TyperGroup


class OptionsAnywhere(TyperGroup):
    """A group whose own options may stand anywhere on the line."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - Typer's own copy of Click's context
        """Brings the group's options to the front; all behind a `--` stays as it is."""
        flags = {
            name: bool(getattr(option, "is_flag", False))
            for option in self.params
            for name in (*option.opts, *option.secondary_opts)
        }
        end = args.index("--") if "--" in args else len(args)
        own, others = list[str](), list[str]()
        for mine, words in _pieces(args[:end], flags):
            (own if mine else others).extend(words)
        return super().parse_args(ctx, [*own, *others, *args[end:]])


def _pieces(args: list[str], flags: Mapping[str, bool]) -> Iterator[tuple[bool, list[str]]]:
    """Words of the line, an option of the group together with its value; and whether it is one."""
    left = iter(args)
    for word in left:
        name, equals, _ = word.partition("=")
        takes_next = name in flags and not flags[name] and not equals
        value = next(left, None) if takes_next else None
        yield name in flags, [word] if value is None else [word, value]
