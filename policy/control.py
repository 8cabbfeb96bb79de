"""What a control is: its text, its level and its check."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import cast

from policy.graph import Graph
from policy.resource import Resource


class Severity(StrEnum):
    """How bad it is when a control is violated."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Level(StrEnum):
    """What a violation does, in CrossGuard's words."""

    ADVISORY = "advisory"
    MANDATORY = "mandatory"
    DISABLED = "disabled"


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One thing that is wrong: where, what is there and what should be.

    Attributes:
        resource: the resource at fault; None means the one that was judged.
    """

    found: str
    wanted: str
    path: str = ""
    resource: Resource | None = None


@dataclass(frozen=True, kw_only=True)
class Undecided:
    """Said by a check that has to go on past a value that is not known."""

    path: str
    resource: Resource | None = None


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a check sees beside its resource: the graph and the control's parameters."""

    graph: Graph
    parameters: Mapping[str, object]

    def number(self, name: str) -> float:
        """A numeric parameter."""
        value = self.parameters[name]
        if not isinstance(value, int | float):
            raise TypeError(f"parameter {name} is a number, got {value!r}")
        return value

    def flag(self, name: str) -> bool:
        """A parameter that is true or false."""
        return self.parameters[name] is True

    def words(self, name: str) -> Sequence[str]:
        """A parameter that is a list of strings."""
        return cast("Sequence[str]", self.parameters[name])

    def table(self, name: str) -> Mapping[str, Sequence[str]]:
        """A parameter that maps a string to a list of strings."""
        return cast("Mapping[str, Sequence[str]]", self.parameters[name])


Judgement = Iterator[Violation | Undecided]
Check = Callable[[Resource, Context], Judgement]
Remedy = Callable[[Mapping[str, object], Context], Mapping[str, object]]


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A setting of a control, with its JSON schema.

    Attributes:
        schema: without `default`, which stands beside it.
    """

    name: str
    default: object
    schema: Mapping[str, object]
    why: str


@dataclass(frozen=True, kw_only=True)
class Control:
    """One rule about the resources of a program.

    Attributes:
        id: unique name, `service-what`; CrossGuard shows it.
        title: the rule as a sentence.
        why: what happens to whoever breaks it.
        fix: what to do.
        sources: ids of AWS FSBP, cdk-nag and checkov, and the page that says so.
        judges: types whose resources are handed to the check, one by one.
        reads: every (type, inputs) that can change the verdict, beside those of `judges`.
        check: yields what is wrong with one resource; nothing means the rule holds there.
        off_because: why a contested control is off by default.
        remedy: the inputs of a judged resource, changed so that the rule holds, where it is safe.
    """

    id: str
    title: str
    why: str
    severity: Severity
    fix: str
    sources: tuple[str, ...]
    judges: tuple[str, ...]
    reads: Mapping[str, tuple[str, ...]]
    check: Check
    level: Level = Level.MANDATORY
    off_because: str = ""
    parameters: tuple[Parameter, ...] = ()
    remedy: Remedy | None = None

    def __post_init__(self) -> None:
        if (self.level is Level.DISABLED) != bool(self.off_because):
            raise ValueError(f"control {self.id}: off by default goes with a reason, and only then")

    @property
    def service(self) -> str:
        """The first word of the id."""
        return self.id.split("-", 1)[0]

    @property
    def url(self) -> str:
        """The page that the rule comes from, empty where none is named."""
        return next((source for source in self.sources if source.startswith("https://")), "")

    def context(self, graph: Graph, given: Mapping[str, object] | None = None) -> Context:
        """The context of a run: parameters as given, defaults for the rest."""
        values = {parameter.name: parameter.default for parameter in self.parameters}
        return Context(graph=graph, parameters=values | dict(given or {}))


@dataclass(frozen=True, kw_only=True)
class Verdicts:
    """What one control said about one graph."""

    control: Control
    judged: int = 0
    violations: tuple[tuple[Resource, Violation], ...] = ()
    undecided: tuple[tuple[Resource, Undecided], ...] = ()
    crashes: tuple[tuple[Resource, str], ...] = field(default=())

    @property
    def holds(self) -> bool:
        """Whether nothing was found, nothing stayed open and nothing broke."""
        return not (self.violations or self.undecided or self.crashes)
