"""What an image adds to its base, how soon it answers, and what a changed line changes in it.

Built on the base image that the tests use: AWS's own, or one made here where that cannot be pulled.
What is over the base is the same on either, but for the wheels of another Python version.
"""

import shutil
import statistics
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.rows import OURS, Row, not_measured
from local.containers import base_image, engine, images
from local.errors import LocalError
from local.project import ROOT

PART = "image"
WHAT = "bytes over the base, start, layers that a line changes"
SERVICE = "payment-processing"
HANDLER = Path("handlers/payment_processing/payments.py")
GUIDE = "AWS's guide"
RECIPES = {OURS: ROOT / "handlers/Dockerfile", GUIDE: ROOT / "bench/rivals/Dockerfile"}
PAYMENT = (
    b'{"message_id": "m-1", "customer_id": "c-1", "amount": "120.00", "payment_method": "ach"}'
)
STARTS = {"quick": 1, "default": 5, "all": 15}

MOST = 100_000
"""Bytes of the one layer that a changed line may change."""


@dataclass(frozen=True, kw_only=True)
class Built:
    """One recipe's image, and the same one after a line of a handler changed. Sizes are bytes."""

    over_base: int
    start: images.Start
    changed: list[bool]
    newest: int

    @property
    def only_the_newest(self) -> bool:
        """Whether the newest layer changed and no other."""
        return self.changed[-1] and self.changed.count(True) == 1


def measure(depth: str, folder: Path) -> list[Row]:
    """Builds each recipe twice, and starts it; the quick form only where a base image is there."""
    del folder
    missing = _missing(depth)
    if missing:
        return [not_measured(PART, WHAT, missing)]
    try:
        base = base_image.ensure()
    except LocalError as error:
        return [not_measured(PART, WHAT, str(error))]
    starts = STARTS[depth]
    return rows({name: _built(recipe, base, starts) for name, recipe in RECIPES.items()}, starts)


def _missing(depth: str) -> str:
    if not engine.answers():
        return "no Docker engine answers; make test-docker installs one where it may"
    if depth == "quick" and base_image.present() is None:
        return "no base image is here yet; make bench pulls or makes it"
    return ""


def _built(recipe: Path, base: str, starts: int) -> Built:
    tag = "utility-customer-system-bench"
    with tempfile.TemporaryDirectory() as scratch:
        context = Path(scratch)
        for part in ("handlers", "requirements"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / part, context / part, ignore=ignored)
        shutil.copy(ROOT / ".dockerignore", context)
        arguments = {"BASE_IMAGE": base, "SERVICE": SERVICE}
        images.build(recipe, context, tag, **arguments)
        try:
            before, whole = images.layers(tag), images.size(tag)
            started = _started(tag, starts)
            with (context / HANDLER).open("a") as source:
                source.write("\nCHANGED = True\n")
            images.build(recipe, context, tag, **arguments)
            changed = [old != new for old, new in zip(before, images.layers(tag), strict=True)]
            newest = images.newest_layer(tag)
        finally:
            images.remove(tag)
    over_base = whole - images.size(base)
    return Built(over_base=over_base, start=started, changed=changed, newest=newest)


def _started(tag: str, starts: int) -> images.Start:
    """The median of several starts, after one that warms the disk's cache."""
    images.start(tag, PAYMENT)
    found = [images.start(tag, PAYMENT) for _ in range(starts)]
    return images.Start(
        whole=statistics.median(one.whole for one in found),
        function=statistics.median(one.function for one in found),
    )


def rows(built: Mapping[str, Built], starts: int) -> list[Row]:
    """What was built, judged by the mark."""
    ours = built[OURS]
    return [
        Row(
            part=PART,
            what="bytes over the base, unpacked",
            figures={name: f"{one.over_base:,}" for name, one in built.items()},
            note="ours with bytecode compiled ahead, which Lambda cannot write",
        ),
        Row(
            part=PART,
            what="from `docker run` to the first payment's answer, and of that the function's, s,"
            f" median of {starts}",
            figures={
                name: f"{one.start.whole:.1f}, {one.start.function:.2f}"
                for name, one in built.items()
            },
        ),
        Row(
            part=PART,
            what="layers changed by one line of a handler, and their bytes",
            figures={
                name: f"{one.changed.count(True)} of {len(one.changed)}, {one.newest:,}"
                for name, one in built.items()
            },
            mark=f"the newest alone, under {MOST:,}",
            held=ours.only_the_newest and ours.newest < MOST,
        ),
    ]
