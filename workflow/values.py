"""Value classes, made in a sixth of the time: what the standard library's ``dataclass`` gives, by the options in use.

A process that answers one question makes a hundred of them and uses half. The standard library writes and compiles six
functions for each; here all share theirs but ``__init__``, which is compiled when the first value is made. To a type
checker they are the standard library's own, and its ``fields``, ``asdict`` and ``replace`` take them. Not carried over:
a signature as docstring, and that ``repr`` cuts short a value that holds itself.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass, field, replace

__all__ = ["dataclass", "field", "replace"]
_NONE: Any = object()  # no default


class _Field:
    """What is said of one field beside its name."""

    __slots__ = ("compare", "default", "default_factory", "init", "repr")

    def __init__(
        self, default: Any = _NONE, default_factory: Any = _NONE, init: bool = True, repr: bool = True,
        compare: bool = True,
    ) -> None:  # fmt: skip
        self.default, self.default_factory = default, default_factory
        self.init, self.repr, self.compare = init, repr, compare

    def said(self) -> dict[str, Any]:
        """The same, as the standard library's ``field`` takes it."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name)) is not _NONE}


class _Fields:
    """``__dataclass_fields__`` of one class, made when somebody asks: the standard library's functions do."""

    def __get__(self, value: object, owner: type) -> dict[str, Any]:
        import dataclasses

        home: Any = next(one for one in owner.__mro__ if "__value_fields__" in one.__dict__)
        told = [
            (name, home.__value_types__[name], dataclasses.field(**one.said()))
            for name, one in home.__value_fields__.items()
        ]
        made: Any = dataclasses.make_dataclass(home.__name__, told)
        found: dict[str, Any] = made.__dataclass_fields__
        home.__dataclass_fields__ = found
        return found


def _repr(self: Any) -> str:
    shown = (f"{name}={getattr(self, name)!r}" for name, one in self.__value_fields__.items() if one.repr)
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _set(self: object, name: str, value: object) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delete(self: object, name: str) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__value_fields__]


def _take_state(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__value_fields__, state, strict=False):
        object.__setattr__(self, name, value)


def _compared(names: list[str]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """``__eq__`` and ``__hash__`` by these fields."""
    if len(names) > 1:
        key: Callable[[Any], Any] = attrgetter(*names)
    elif names:
        one = attrgetter(*names)

        def key(value: Any) -> Any:
            return (one(value),)

    else:

        def key(_value: Any) -> Any:
            return ()

    def same(self: Any, other: Any) -> Any:
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: Any) -> int:
        return hash(key(self))

    return same, hashed


def _first(cls: Any, frozen: bool) -> Callable[..., None]:
    """The ``__init__`` of a class of which no value was made yet: it puts the compiled one in its place."""

    def first(self: Any, *args: Any, **named: Any) -> None:
        made = cls.__init__ = _compiled(cls, frozen)
        made(self, *args, **named)

    return first


def _compiled(cls: Any, frozen: bool) -> Callable[..., None]:
    around: dict[str, Any] = {"_put": object.__setattr__, "_NONE": _NONE}
    taken, body = ["self"], []
    for name, one in cls.__value_fields__.items():
        value = name
        if one.default_factory is not _NONE:
            around[f"_make_{name}"] = one.default_factory
            value = f"_make_{name}() if {name} is _NONE else {name}" if one.init else f"_make_{name}()"
            default = "=_NONE"
        elif one.default is not _NONE:
            around[f"_else_{name}"] = one.default
            default = f"=_else_{name}"
        else:
            default = ""
        if one.init:
            taken.append(name + default)
        elif not default:
            continue
        elif value == name:
            value = f"_else_{name}"
        body.append(f"_put(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    made: dict[str, Any] = {}
    exec(f"def __init__({', '.join(taken)}):\n " + "\n ".join(body or ["pass"]), around, made)
    init: Callable[..., None] = made["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


def _made(cls: Any, frozen: bool, slots: bool, eq: bool) -> Any:
    own = cls.__dict__
    mine = own.get("__annotations__", {})
    fields: dict[str, _Field] = {}
    types: dict[str, Any] = {}
    for base in reversed(cls.__mro__[1:]):
        fields |= base.__dict__.get("__value_fields__", {})
        types |= base.__dict__.get("__value_types__", {})
    for name in mine:
        said = own.get(name, _NONE)
        fields[name] = said if isinstance(said, _Field) else _Field(said)
    types |= mine
    extra = _methods(fields, frozen, slots, eq)
    for name in ("__repr__", "__eq__", "__hash__", "__match_args__", "__getstate__", "__setstate__"):
        if name in own and not (name == "__hash__" and own[name] is None):
            extra.pop(name, None)  # the class says it itself
    extra |= {"__value_fields__": fields, "__value_types__": types, "__dataclass_fields__": _Fields()}
    cls = _slotted(cls, mine, extra) if slots else _filled(cls, mine, extra)
    if "__init__" not in own:
        cls.__init__ = _first(cls, frozen)
    return cls


def _methods(fields: dict[str, _Field], frozen: bool, slots: bool, eq: bool) -> dict[str, Any]:
    extra: dict[str, Any] = {
        "__match_args__": tuple(name for name, one in fields.items() if one.init),
        "__repr__": _repr,
    }
    if eq:
        extra["__eq__"], hashed = _compared([name for name, one in fields.items() if one.compare])
        extra["__hash__"] = hashed if frozen else None
    if frozen:
        extra |= {"__setattr__": _set, "__delattr__": _delete}
        if slots:
            extra |= {"__getstate__": _state, "__setstate__": _take_state}
    return extra


def _slotted(cls: Any, mine: dict[str, Any], extra: dict[str, Any]) -> Any:
    """The class anew with a slot for each field of its own: slots cannot be added to one that is there."""
    held = {slot for base in cls.__mro__[1:] for slot in base.__dict__.get("__slots__", ())}
    left = {name: value for name, value in cls.__dict__.items() if name not in mine}
    left.pop("__dict__", None)
    left.pop("__weakref__", None)
    new = {"__slots__": tuple(name for name in mine if name not in held), "__qualname__": cls.__qualname__}
    return type(cls)(cls.__name__, cls.__bases__, left | extra | new)


def _filled(cls: Any, mine: dict[str, Any], extra: dict[str, Any]) -> Any:
    """The class itself; of a field that was described only its default stays, where it has one."""
    for name in mine:
        said = cls.__dict__.get(name)
        if isinstance(said, _Field) and said.default is _NONE:
            delattr(cls, name)
        elif isinstance(said, _Field):
            setattr(cls, name, said.default)
    for name, value in extra.items():
        setattr(cls, name, value)
    return cls


if not TYPE_CHECKING:
    field = _Field

    def dataclass(cls=None, *, frozen=False, slots=False, eq=True):
        """The standard library's decorator, with these of its options."""
        return _made(cls, frozen, slots, eq) if cls else lambda found: _made(found, frozen, slots, eq)

    def replace(value, /, **changes):
        """A value that differs in ``changes``; of the fields ``__init__`` takes."""
        for name in value.__match_args__:
            if name not in changes:
                changes[name] = getattr(value, name)
        return value.__class__(**changes)
