"""Rules between settings, which no single value can break alone.

Each rule is a function that yields what it finds; `broken_rules` runs them all.
"""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from components.errors import Violation
from components.names import MANAGER
from components.services import SERVICES, Service, sized

if TYPE_CHECKING:
    from components.settings import Settings

Rule = Callable[["Settings"], Iterator[Violation]]

VISIBILITY_FACTOR = 6
"""Visibility over function timeout (Lambda guide, "Configuring a queue to use with Lambda")."""

DEADLINE_MARGIN = 1
"""Seconds that a worker keeps for itself after a bank call that timed out."""

PROBE_MARGIN = 25
"""Seconds that the manager keeps for itself after a probe that timed out."""

SNS_RETRY_TIME = 23 * 24 * 3600
"""Seconds that SNS retries a delivery to SQS (SNS guide, "Message delivery retries")."""

SCHEDULE = 60
"""Seconds; EventBridge Scheduler turns the manager, by the minute (Scheduler guide, "What is")."""

RELAXED_STACK = "local"
STRICT_STACKS = ("staging", "prod")

OTHER_PARTITIONS = ("cn-", "us-gov-", "us-iso", "eu-iso")
"""Beginnings of the regions whose ARNs do not begin with `arn:aws:` (AWS guide, "Partitions")."""

PRINCIPAL = re.compile(r"arn:aws:iam::\d{12}:(root|(role|user)/[^*?]+)")
OWN_TAGS = ("Project", "Environment", "ManagedBy")
"""Those of `stack_tags`; the pipeline knows a stack's keys by the first two."""


def broken_rules(settings: "Settings") -> list[Violation]:
    """Every rule that the settings break."""
    return [violation for rule in RULES for violation in rule(settings)]


def overrides_name_services(settings: "Settings") -> Iterator[Violation]:
    """An override for a service that does not exist would do nothing, silently."""
    known = {service.name for service in SERVICES}
    for name in sorted(set(settings.services) - known):
        rule = f"no service has this name; there are {', '.join(sorted(known))}"
        yield Violation(key=f"services.{name}", value=settings.services[name], rule=rule)


def pins_name_functions(settings: "Settings") -> Iterator[Violation]:
    """A way back that names nothing would go nowhere."""
    known = {MANAGER, *(service.name for service in SERVICES)}
    for name in sorted(set(settings.images) - known):
        rule = f"no function has this name; there are {', '.join(sorted(known))}"
        yield Violation(key=f"images.{name}", value=settings.images[name], rule=rule)


def region_is_of_our_partition(settings: "Settings") -> Iterator[Violation]:
    """Every ARN is put together from names, and begins with `arn:aws:`."""
    if settings.region.startswith(OTHER_PARTITIONS):
        rule = "it must be of the partition aws, whose ARNs the program puts together"
        yield Violation(key="region", value=settings.region, rule=rule)


def tags_leave_the_programs_own(settings: "Settings") -> Iterator[Violation]:
    """A key under another stack's tags is one that another stack's pipeline may change."""
    own = {tag.casefold() for tag in OWN_TAGS}
    for tag, value in settings.tags.items():
        if tag.casefold() in own:
            rule = "this tag is the program's own: who may change a key goes by it"
            yield Violation(key=f"tags.{tag}", value=value, rule=rule)


def operators_are_named(settings: "Settings") -> Iterator[Violation]:
    """Whoever may take on the operator's role may pause and redrive payments."""
    strict = settings.stack in STRICT_STACKS
    for principal in settings.operator_principals:
        if not PRINCIPAL.fullmatch(principal):
            rule = "it must be the ARN of a role or a user"
            yield Violation(key="operatorPrincipals", value=principal, rule=rule)
        elif strict and principal.endswith(":root"):
            rule = "in staging and prod it must name roles or users, not everybody of an account"
            yield Violation(key="operatorPrincipals", value=principal, rule=rule)


def visibility_covers_timeouts(settings: "Settings") -> Iterator[Violation]:
    """A message must not come back while its function may still be at work."""
    for service in _services(settings):
        least = VISIBILITY_FACTOR * service.timeout
        if 0 < settings.visibility_timeout < least:
            rule = f"it must be 0 or at least 6 x the timeout of {service.name}, that is {least}"
            yield Violation(key="visibilityTimeout", value=settings.visibility_timeout, rule=rule)


def bank_call_fits_timeout(settings: "Settings") -> Iterator[Violation]:
    """A worker starts no message that it could not finish before its deadline."""
    call = settings.bank_connect_timeout + settings.bank_read_timeout + DEADLINE_MARGIN
    for service in _services(settings):
        if call >= service.timeout:
            rule = f"with bankConnectTimeout and 1 s it must be under {service.name}'s timeout"
            value = f"{settings.bank_read_timeout} against {service.timeout}"
            yield Violation(key="bankReadTimeout", value=value, rule=rule)


def probe_fits_manager(settings: "Settings") -> Iterator[Violation]:
    """The manager waits for a probe as long as the worker may take."""
    longest = max(service.timeout for service in _services(settings)) + PROBE_MARGIN
    if settings.manager_timeout < longest:
        rule = f"it must be at least 25 s above the longest service timeout, that is {longest}"
        yield Violation(key="managerTimeout", value=settings.manager_timeout, rule=rule)


def ramp_within_concurrency(settings: "Settings") -> Iterator[Violation]:
    """A ramp slower than the full speed is what a ramp is for."""
    for service in _services(settings):
        if settings.ramp_concurrency > service.concurrency:
            rule = f"it must not be above the concurrency of {service.name}, {service.concurrency}"
            yield Violation(key="rampConcurrency", value=settings.ramp_concurrency, rule=rule)


def retries_outlast_retention(settings: "Settings") -> Iterator[Violation]:
    """The receive count is the last net: no outage or defect within the retention may reach it."""
    for key, cap in (
        ("coolDownCap", settings.cool_down_cap),
        ("retryBackoffCap", settings.retry_backoff_cap),
    ):
        burned = cap * settings.max_receive_count
        if burned <= settings.queue_retention:
            rule = f"x maxReceiveCount ({burned} s) it must be above queueRetention"
            yield Violation(key=key, value=cap, rule=rule)


def dead_letters_outlive_queue(settings: "Settings") -> Iterator[Violation]:
    """A message must not expire sooner because it was set aside."""
    if settings.dead_letter_retention < settings.queue_retention:
        rule = f"it must be at least queueRetention, {settings.queue_retention}"
        yield Violation(key="deadLetterRetention", value=settings.dead_letter_retention, rule=rule)


def ledger_outlives_messages(settings: "Settings") -> Iterator[Violation]:
    """An entry forgotten while its message may still come back would be paid twice."""
    least = settings.queue_retention + settings.dead_letter_retention + SNS_RETRY_TIME
    if settings.ledger_retention < least:
        rule = f"it must be at least both retentions and SNS's 23 days of retries, {least}"
        yield Violation(key="ledgerRetention", value=settings.ledger_retention, rule=rule)


def times_in_order(settings: "Settings") -> Iterator[Violation]:
    """Pairs of times of which the second must not be below the first."""
    warning, critical = settings.data_loss_warning, settings.data_loss_critical
    pairs = (
        ("coolDown", settings.cool_down, "coolDownCap", settings.cool_down_cap),
        ("retryBackoff", settings.retry_backoff, "retryBackoffCap", settings.retry_backoff_cap),
        ("dataLossCritical", critical, "dataLossWarning", warning),
        ("dataLossWarning", warning, "queueRetention", settings.queue_retention),
    )
    for first, low, second, high in pairs:
        if low > high:
            rule = f"it must not be above {second}, {high}"
            yield Violation(key=first, value=low, rule=rule)


def shared_stacks_are_real(settings: "Settings") -> Iterator[Violation]:
    """What only an embedded AWS and a pretended bank can take."""
    if settings.stack == RELAXED_STACK:
        return
    if not settings.bank_url.startswith("https://"):
        rule = "outside of the local stack it must be https"
        yield Violation(key="bankUrl", value=settings.bank_url, rule=rule)
    if settings.turn != SCHEDULE:
        rule = "outside of the local stack it must be 60: Scheduler turns the manager by the minute"
        yield Violation(key="turn", value=settings.turn, rule=rule)
    if "@sha256:" not in settings.base_image:
        rule = "outside of the local stack it must be pinned by digest"
        yield Violation(key="baseImage", value=settings.base_image, rule=rule)


def strict_stacks_are_strict(settings: "Settings") -> Iterator[Violation]:
    """What staging and prod must not relax."""
    if settings.stack not in STRICT_STACKS:
        return
    for key, value in (
        ("verifyChecksum", settings.verify_checksum),
        ("protect", settings.protect),
        ("deletionProtection", settings.deletion_protection),
    ):
        if not value:
            yield Violation(key=key, value=value, rule="in staging and prod it must be true")
    if not settings.guide.startswith("https://"):
        rule = "in staging and prod it must be https: whom an alarm wakes has no working copy"
        yield Violation(key="guide", value=settings.guide, rule=rule)
    if settings.consecutive_failures == 1:
        rule = "in staging and prod it must be above 1: one stray 500 must not pause a service"
        yield Violation(key="consecutiveFailures", value=1, rule=rule)


RULES: tuple[Rule, ...] = (
    overrides_name_services,
    pins_name_functions,
    region_is_of_our_partition,
    tags_leave_the_programs_own,
    operators_are_named,
    visibility_covers_timeouts,
    bank_call_fits_timeout,
    probe_fits_manager,
    ramp_within_concurrency,
    retries_outlast_retention,
    dead_letters_outlive_queue,
    ledger_outlives_messages,
    times_in_order,
    shared_stacks_are_real,
    strict_stacks_are_strict,
)


def _services(settings: "Settings") -> list[Service]:
    return [sized(service, settings.services) for service in SERVICES]
