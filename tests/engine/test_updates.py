"""Changes of a running system: exactly what was meant, and nothing of its messages or state."""

import time
from collections.abc import Callable, Iterator

import pytest

from local.bank.faults import Fault
from tests.engine.conftest import Running
from tests.waiting import until

SETUP = "bank-account-setup"
PAYMENTS = "payment-processing"
SIZES = {"memory": 256, "timeout": 10, "concurrency": 10}
SERVICES = {SETUP: SIZES, PAYMENTS: SIZES}

SERVICE = """    Service(
        name="refunds",
        transaction_type="refund",
        memory=256,
        timeout=10,
        concurrency=10,
    ),
)
"""

# What names every service: filter, policies, grants, the manager's list, dashboard and queries.
SHARED = {
    "TopicSubscription unrouted-subscription",
    "TopicPolicy control-policy",
    "TopicPolicy outcomes-policy",
    "RolePolicy operator-policy",
    "RolePolicy subscription-manager-policy",
    "Function subscription-manager-function",
    "Dashboard dashboard",
    "QueryDefinition queries-customer",
    "QueryDefinition queries-message",
    "QueryDefinition queries-not-completed",
    "QueryDefinition queries-trips",
}

QUEUE = 'return SecureQueue(f"{name}-queue", base, queue, self.child(self.dead_letters))'
RENAMED = """options = self.child(self.dead_letters)
        alias = pulumi.ResourceOptions(aliases=[pulumi.Alias(name=f"{name}-queue")])
        options = pulumi.ResourceOptions.merge(options, alias)
        return SecureQueue(f"{name}-inbox", base, queue, options)"""
MOVED = """options = pulumi.ResourceOptions(
            aliases=[pulumi.Alias(parent=self)], depends_on=[self.dead_letters]
        )
        return SecureQueue(f"{name}-queue", base, queue, options)"""
FORGOTTEN = 'return SecureQueue(f"{name}-inbox", base, queue, self.child(self.dead_letters))'


def services(changed: str, **changes: int) -> dict[str, dict[str, int]]:
    """The sizes of the services, those of one changed."""
    return {**SERVICES, changed: {**SIZES, **changes}}


def test_nothing_changes_where_nothing_was_changed(running: Running) -> None:
    running.project.expect_no_changes()


def test_nothing_changes_after_a_refresh(running: Running) -> None:
    running.project.refresh()
    running.project.expect_no_changes()


def test_a_look_for_drift_tells_what_was_changed_by_hand_and_writes_nothing(
    whole: Running,
) -> None:
    """What an operator or the circuit does to a mapping is no drift."""
    look = ("preview", "--stack", "local", "--refresh", "--expect-no-changes", "--diff")
    before, queue = whole.project.state(), whole.access.outputs.queue_urls[PAYMENTS]
    hold(whole)
    until(lambda: whole.mapping(SETUP)["State"] == "Disabled", "the disabled mapping")
    whole.project.pulumi(*look)
    keep(whole, queue, seconds="3600")
    done = whole.project.pulumi(*look, check=False)
    keep(whole, queue, seconds="14400")
    resume(whole)
    assert done.returncode != 0
    assert "messageRetentionSeconds" in done.stdout
    assert whole.project.state() == before


def keep(running: Running, queue: str, seconds: str) -> None:
    """Somebody changes a queue by hand."""
    running.access.sqs.set_queue_attributes(
        QueueUrl=queue, Attributes={"MessageRetentionPeriod": seconds}
    )


def test_a_timeout_changes_the_function_and_what_is_derived_from_it(whole: Running) -> None:
    """The queue hides a message six times as long, the manager is told; nothing is replaced."""
    whole.project.reset(services=services(PAYMENTS, timeout=9))
    assert whole.project.up() == {
        "update": {
            f"Function {PAYMENTS}-function",
            f"Queue {PAYMENTS}-queue",
            "Function subscription-manager-function",
        }
    }
    function = whole.access.functions.get_function_configuration(
        FunctionName=whole.access.outputs.function_names[PAYMENTS]
    )
    assert function["Timeout"] == 9


def test_a_new_service_is_added_and_taken_away_beside_the_others(whole: Running) -> None:
    """What the others share (policies, dashboard, manager) is updated, none of it replaced."""
    handlers = whole.project.program / "handlers"
    (handlers / "refunds").mkdir()
    for file in (handlers / "payment_processing").glob("*.py"):
        (handlers / "refunds" / file.name).write_text(file.read_text())
    file = whole.project.program / "components" / "services.py"
    text = file.read_text()
    head, end, tail = text.partition("        },\n    ),\n)\n")
    file.write_text(f"{head}        }},\n    ),\n{SERVICE}{tail}" if end else text)

    added = whole.project.up()
    made = added.pop("create")
    assert {"Queue refunds-queue", "Function refunds-function", "Role refunds-role"} <= made
    assert all("refunds" in resource for resource in made)
    assert added == {"update": SHARED}

    whole.project.reset()
    assert whole.project.up() == {"delete": made, "update": SHARED}


def test_another_name_replaces_what_has_it_and_nothing_else(whole: Running) -> None:
    """A dashboard cannot be renamed. The new one is there before the old one goes."""
    name = "dashboard_name=stage.names.prefix"
    whole.project.edit("components/dashboard.py", name, f'{name} + "-board"')
    board = {"Dashboard dashboard"}
    steps = ("create-replacement", "replace", "delete-replaced")
    assert whole.project.up() == dict.fromkeys(steps, board)
    listed = whole.system.access.metrics.list_dashboards()["DashboardEntries"]
    assert [each.get("DashboardName") for each in listed] == ["utility-customer-system-local-board"]


@pytest.fixture
def as_it_was(running: Running) -> Iterator[Running]:
    """The running system, whose state gets its names of before back after the test."""
    state = running.project.folder / "before.json"
    running.project.pulumi("stack", "export", "--stack", "local", "--file", str(state))
    yield running
    running.project.pulumi("stack", "import", "--stack", "local", "--file", str(state))
    running.project.reset()


@pytest.mark.parametrize("change", [RENAMED, MOVED], ids=["renamed", "moved"])
def test_a_component_with_an_alias_keeps_its_messages(as_it_was: Running, change: str) -> None:
    as_it_was.send("lottery", change.partition("(")[0])
    until(lambda: as_it_was.unrouted() > 0, "the message in the unrouted queue")
    before = as_it_was.unrouted()
    as_it_was.project.edit("components/intake.py", QUEUE, change)
    assert not set(as_it_was.project.up()) - {"update"}
    assert as_it_was.unrouted() == before


def test_without_an_alias_the_protection_stops_it_and_stops_a_destroy(whole: Running) -> None:
    """Without one, a new queue would be made and the old one deleted, with its messages."""
    whole.send("lottery", "kept")
    until(lambda: whole.unrouted() > 0, "the message in the unrouted queue")
    before = whole.unrouted()
    whole.project.reset(protect=True, deletionProtection=True)
    whole.project.up()
    whole.project.edit("components/intake.py", QUEUE, FORGOTTEN)
    said = whole.project.refused_up()
    assert "unrouted-queue" in said
    assert "protect" in said
    there = resources(whole)
    destroyed = whole.project.pulumi("destroy", "--stack", "local", "--yes", check=False)
    assert destroyed.returncode != 0
    assert "protect" in destroyed.stdout + destroyed.stderr
    assert whole.unrouted() == before
    assert resources(whole) == there


def resources(running: Running) -> set[str]:
    """What the stack's state has."""
    return {each["urn"] for each in running.project.state()["deployment"]["resources"]}


def hold(running: Running) -> None:
    """An operator pauses the service."""
    running.order("disable", SETUP)


def trip(running: Running) -> None:
    """The bank breaks, and the first transaction opens the circuit."""
    running.access.bank.break_with(Fault(kind="fail"))
    account = {"routing_number": "021000021", "account_number": "12345678"}
    running.send("bank_account_setup", f"broken-{time.time_ns()}", **account)


def resume(running: Running) -> None:
    """The bank is well again, and an operator does not wait for the next probe."""
    running.access.bank.heal()
    running.order("enable", SETUP)
    until(lambda: running.status(SETUP)["circuit"] == "closed", "the closed circuit")
    until(lambda: running.mapping(SETUP)["State"] == "Enabled", "the enabled mapping")


@pytest.mark.parametrize(
    ("pause", "state", "refreshed"),
    [(hold, "held", False), (trip, "open", False), (trip, "open", True)],
    ids=["held", "open", "open, after a refresh"],
)
def test_an_update_does_not_resume_a_service_whose_circuit_is_not_closed(
    whole: Running, pause: Callable[[Running], None], state: str, *, refreshed: bool
) -> None:
    """The manager owns whether a mapping is enabled, and with what concurrency."""
    pause(whole)
    until(lambda: whole.status(SETUP)["circuit"] == state, f"the circuit that is {state}")
    until(lambda: whole.mapping(SETUP)["State"] == "Disabled", "the disabled mapping")
    before = whole.status(SETUP)
    if refreshed:
        whole.project.refresh()
    whole.project.reset(services=services(SETUP, batchSize=3))
    done = whole.project.up()
    mapping, after = whole.mapping(SETUP), whole.status(SETUP)
    resume(whole)
    assert done == {"update": {f"EventSourceMapping {SETUP}-mapping"}}
    assert (mapping["State"], mapping["BatchSize"]) == ("Disabled", 3)
    assert (after["circuit"], after["cause"]) == (before["circuit"], before["cause"])
    assert after["generation"] >= before["generation"]
    assert whole.mapping(SETUP)["BatchSize"] == 3
