"""The figures of the pages, each from the code or the configuration that makes it so."""

import inspect
import tomllib
from typing import Any

import pytest

from components.configuration import read_settings
from components.encryption import DELETION_WINDOW_DAYS
from components.rules import SNS_RETRY_TIME, VISIBILITY_FACTOR
from components.service_alarms import BURNS, OBJECTIVE
from components.services import SERVICES, sized
from components.settings import BatchSize, Concurrency, Settings
from control import cli
from handlers.common.circuit.gate import CACHED_FOR
from handlers.common.ledger.guard import LOOK_AGAIN
from handlers.common.worker.attempts import MARGIN
from handlers.subscription_manager.redrive import ASIDE, HIDDEN
from tests.unit.components.harness import configuration, graph
from tests.unit.docs.pages import ROOT

MINUTE, HOUR, DAY = 60, 3600, 86400
MILLION = 1_000_000
WORDS = {2: "two", 3: "three", 5: "five", 10: "ten"}


def settings(stack: str) -> Settings:
    values = configuration(stack).values
    return read_settings(stack, values["aws:region"], values)


def minutes(alarm: str) -> str:
    """How long an alarm's condition lasts before it fires, as the pages say it."""
    name = f"utility-customer-system-prod-{alarm}"
    (inputs,) = [a.inputs for a in graph("prod").all("MetricAlarm") if a.inputs["name"] == name]
    return f"{WORDS[inputs['period'] * inputs['evaluationPeriods'] // MINUTE]} minutes"


def default(command: Any, option: str) -> str:  # noqa: ANN401 - any function of the command line
    return inspect.signature(command).parameters[option].default


def bounds(kind: Any) -> tuple[int, int]:  # noqa: ANN401 - an annotated type
    (meta,) = kind.__metadata__
    return meta.ge, meta.le


PROD, STAGING, DEV = settings("prod"), settings("staging"), settings("dev")
(FAST, FAST_WINDOW, FAST_BURN), (SLOW, SLOW_WINDOW, SLOW_BURN) = BURNS
FAST_H, SLOW_H = FAST_WINDOW // HOUR, SLOW_WINDOW // HOUR
RETENTION = PROD.queue_retention // DAY
HIDES = VISIBILITY_FACTOR * max(sized(one, PROD.services).timeout for one in SERVICES)
RECEIVED = round(PROD.max_receive_count * HIDES / DAY)
ASIDE_FOR = WORDS[round(ASIDE * HIDDEN * PROD.turn / MINUTE)]
PYTHON = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
LEAST_PYTHON = PYTHON.removeprefix(">=")
A_SECOND = {1.0: "a second"}
A_MINUTE = {60.0: "a minute"}

FIGURES = [
    ("README.md", f"Python {LEAST_PYTHON} or newer"),
    ("README.md", f"shorter than the {RETENTION} days that SQS keeps it"),
    ("docs/architecture.md", f"is the circuit closed? (at most once {A_SECOND[CACHED_FOR]})"),
    ("docs/architecture.md", f"`maxReceiveCount` is {PROD.max_receive_count:,}, the last net"),
    ("docs/architecture.md", f"staging and prod is archived for {PROD.topic_archive_days} days"),
    ("docs/architecture.md", f"staging and prod is archived for {STAGING.topic_archive_days} days"),
    ("docs/architecture.md", f"after about {WORDS[RECEIVED]} days ({HIDES} s each)"),
    ("docs/operations.md", f"`--wait {default(cli.choose, 'wait')}` is how long"),
    ("docs/operations.md", f"[--since {default(cli.show_journey, 'since')}]"),
    ("docs/operations.md", f"the error budget of {OBJECTIVE} % burns {FAST_BURN} times too fast"),
    ("docs/operations.md", f"over {FAST_H} h, {SLOW_BURN:g} times over {SLOW_H} h"),
    (
        "docs/operations.md",
        f"no whole turn of the manager for it in {minutes('payment-processing-not-reconciled')}",
    ),
    ("docs/operations.md", f"the manager fails for {minutes('subscription-manager-errors')}"),
    ("docs/operations.md", f"Lambda throttles for {minutes('payment-processing-throttles')}"),
    ("docs/restore.md", f"after `bankKeyMemory` ({PROD.bank_key_memory // HOUR} hours)"),
    ("docs/restore.md", f"and once {A_MINUTE[LOOK_AGAIN]} after that"),
    ("docs/restore.md", f"(SNS tries for {SNS_RETRY_TIME // DAY} days"),
    ("docs/restore.md", f"queue and dead letters keep {RETENTION} days each)"),
    ("docs/restore.md", f"takes {DELETION_WINDOW_DAYS} days to delete"),
    ("docs/troubleshooting.md", f"({PROD.data_loss_warning // HOUR} h left)"),
    ("docs/troubleshooting.md", f"({PROD.data_loss_critical // HOUR} h left)"),
    ("docs/troubleshooting.md", f"older than the retention of {RETENTION} days"),
    ("docs/troubleshooting.md", f"is hidden for {ASIDE_FOR} minutes"),
    ("docs/troubleshooting.md", f"`…-service-level-{FAST}` (over {FAST_H} h)"),
    ("docs/troubleshooting.md", f"`…-{SLOW}` (over {SLOW_H} h)"),
    ("docs/troubleshooting.md", f"more than {FAST_BURN} or {SLOW_BURN:g} times"),
    ("docs/troubleshooting.md", f"the allowed {100 - OBJECTIVE:.1f} % of transactions"),
    (
        "docs/troubleshooting.md",
        f"({({DAY: 'a day'})[DEV.alarm_quiet_time]}; {PROD.alarm_quiet_time // HOUR} h in staging",
    ),
    ("docs/troubleshooting.md", f"`… is no Python {LEAST_PYTHON} or newer`"),
    ("docs/tuning.md", f"(at most {bounds(BatchSize)[1]} for FIFO)"),
    ("docs/tuning.md", f"less left than the bank's timeout and {A_SECOND[MARGIN]}"),
    ("docs/scaling.md", f"let the queue be the buffer: {RETENTION} days of it"),
    ("docs/scaling.md", f"The gate reads one item {A_SECOND[CACHED_FOR]} and worker"),
    ("docs/scaling.md", "| {} to {:,}, never more".format(*bounds(Concurrency))),
]


@pytest.mark.parametrize(("page", "figure"), FIGURES)
def test_a_page_says_it_as_it_is(page: str, figure: str) -> None:
    assert figure in " ".join((ROOT / page).read_text().split())


def test_dead_letters_are_kept_as_long_as_the_queue_keeps_its_messages() -> None:
    """The page on restoring has one figure for both."""
    assert PROD.dead_letter_retention == PROD.queue_retention


def test_staging_is_silent_for_as_long_as_prod_before_it_is_an_alarm() -> None:
    assert STAGING.alarm_quiet_time == PROD.alarm_quiet_time
