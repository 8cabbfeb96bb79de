"""The pack's configuration: levels, parameters and exemptions, checked whole before a run."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from policy.control import Control, Level
from policy.schema import problems

OWN_KEYS: Final = frozenset({"enforcementLevel", "exemptions", "undecided"})

REMEDY: Final = "remedy-"
"""How the name of a control's remedy begins."""

EXEMPTIONS_SCHEMA: Final[Mapping[str, object]] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "resource": {"type": "string", "minLength": 3, "pattern": r"[A-Za-z0-9]"},
            "reason": {"type": "string", "minLength": 20},
            "owner": {"type": "string", "minLength": 2},
            "expires": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        },
        "required": ["resource", "reason", "owner", "expires"],
        "additionalProperties": False,
    },
}
UNDECIDED_SCHEMA: Final[Mapping[str, object]] = {
    "type": "string",
    "enum": ["violation", "advisory"],
}
_LEVELS: Final[Mapping[str, object]] = {
    "type": "string",
    "enum": [level.value for level in Level] + ["remediate"],
}


class SettingsError(Exception):
    """The configuration is refused; `problems` says all that is wrong with it."""

    def __init__(self, found: Iterable[str]) -> None:
        self.problems = tuple(found)
        super().__init__("; ".join(self.problems))


@dataclass(frozen=True, kw_only=True)
class Exemption:
    """One accepted violation: which resource (URN or name, `*` allowed), why, who, until when."""

    control: str
    resource: str
    reason: str
    owner: str
    expires: dt.date


@dataclass(frozen=True, kw_only=True)
class ControlSettings:
    """How one control is applied."""

    level: Level
    parameters: Mapping[str, object] = field(default_factory=dict[str, object])
    exemptions: tuple[Exemption, ...] = ()
    undecided_violates: bool = True


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How every control is applied, by control id."""

    controls: Mapping[str, ControlSettings]

    def of(self, control: Control) -> ControlSettings:
        """The settings of a control, its defaults where nothing was configured."""
        return self.controls.get(control.id) or ControlSettings(level=control.level)


def load(config: Mapping[str, object], catalogue: Iterable[Control]) -> Settings:
    """Settings from a pack configuration in CrossGuard's format.

    Raises:
        SettingsError: a control or setting is unknown, a value has the wrong form, an exemption
            is incomplete, or nothing would be enforced.
    """
    controls = {control.id: control for control in catalogue}
    found = list(_check(config, controls))
    if found:
        raise SettingsError(found)
    general = config.get("all")
    settings = {
        identifier: _control_settings(control, config.get(identifier), general)
        for identifier, control in controls.items()
    }
    if all(item.level is Level.DISABLED for item in settings.values()):
        raise SettingsError(["every control is disabled: the pack would check nothing"])
    return Settings(controls=settings)


def _check(config: Mapping[str, object], controls: Mapping[str, Control]) -> Iterator[str]:
    for key, value in config.items():
        if key == "all":
            yield from (f"all: {item}" for item in problems(value, _LEVELS))
            if value == Level.DISABLED:
                yield 'all: "disabled" would switch the whole pack off'
        elif key in controls:
            schemas = schemas_of(controls[key])
            yield from (f"{key}{item}" for item in _check_one(value, schemas))
        elif key.startswith(REMEDY):
            # Remedies are the engine's; here it is only seen that what they are told is right.
            yield from _check_remedy(key, value, controls.get(key.removeprefix(REMEDY)))
        else:
            yield f"{key}: no such control"


def _check_remedy(key: str, value: object, control: Control | None) -> Iterator[str]:
    if control is None or control.remedy is None:
        yield f"{key}: no such remedy"
    else:
        yield from (f"{key}{item}" for item in _check_one(value, parameters_of(control)))


def _check_one(value: object, known: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    if isinstance(value, str):
        yield from (f": {item}" for item in problems(value, _LEVELS))
        return
    if not isinstance(value, dict):
        yield ": expected a level or an object"
        return
    schemas = {**known, "enforcementLevel": _LEVELS}
    for name, given in cast("dict[str, object]", value).items():
        if name not in schemas:
            yield f".{name}: no such setting"
            continue
        yield from (f".{name}: {item}" for item in problems(given, schemas[name]))


def schemas_of(control: Control) -> dict[str, Mapping[str, object]]:
    """The JSON schemas of a control's settings, its own and those that all controls have."""
    common = {"exemptions": EXEMPTIONS_SCHEMA, "undecided": UNDECIDED_SCHEMA}
    return {**parameters_of(control), **common}


def parameters_of(control: Control) -> dict[str, Mapping[str, object]]:
    """The JSON schemas of a control's own settings, which its remedy has too."""
    return {parameter.name: parameter.schema for parameter in control.parameters}


def _level(text: object) -> Level:
    # A control that remedies is mandatory for whatever the remedy did not mend.
    return Level.MANDATORY if text == "remediate" else Level(str(text))


def _control_settings(control: Control, value: object, general: object) -> ControlSettings:
    level = control.level
    if general is not None and level is not Level.DISABLED:
        level = _level(general)
    if isinstance(value, str):
        return ControlSettings(level=_level(value))
    if not isinstance(value, dict):
        return ControlSettings(level=level)
    return control_settings(control, cast("dict[str, object]", value), level)


def control_settings(
    control: Control, value: Mapping[str, object], level: Level
) -> ControlSettings:
    """The settings of one control from its object in the configuration.

    Raises:
        SettingsError: an exemption's date does not exist.
    """
    if "enforcementLevel" in value:
        level = _level(value["enforcementLevel"])
    entries = cast("list[dict[str, str]]", value.get("exemptions", []))
    return ControlSettings(
        level=level,
        parameters={key: item for key, item in value.items() if key not in OWN_KEYS},
        exemptions=tuple(_exemption(control, entry) for entry in entries),
        undecided_violates=value.get("undecided", "violation") == "violation",
    )


def _exemption(control: Control, entry: Mapping[str, str]) -> Exemption:
    try:
        expires = dt.date.fromisoformat(entry["expires"])
    except ValueError as error:
        raise SettingsError([f"{control.id}.exemptions: expires: {error}"]) from error
    return Exemption(
        control=control.id,
        resource=entry["resource"],
        reason=entry["reason"],
        owner=entry["owner"],
        expires=expires,
    )
