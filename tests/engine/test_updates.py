"""Changes of a running system: exactly what was meant, and nothing of its messages or state."""

from collections.abc import Iterator

import pytest

from tests.engine.conftest import Running, until

PAYMENTS = "payment-processing"
SIZES = {"memory": 256, "timeout": 10, "concurrency": 10}
SERVICES = {"bank-account-setup": SIZES, PAYMENTS: SIZES}

SERVICE = """    Service(
        name="refunds",
        transaction_type="refund",
        memory=256,
        timeout=10,
        concurrency=10,
    ),
)
"""

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


def services(**changes: int) -> dict[str, dict[str, int]]:
    """The sizes of the services, those of the payments changed."""
    return {**SERVICES, PAYMENTS: {**SIZES, **changes}}


def test_nothing_changes_where_nothing_was_changed(running: Running) -> None:
    running.project.expect_no_changes()


def test_nothing_changes_after_a_refresh(running: Running) -> None:
    running.project.refresh()
    running.project.expect_no_changes()


def test_a_timeout_changes_the_function_and_what_is_derived_from_it(whole: Running) -> None:
    """The queue hides a message six times as long, the manager is told; nothing is replaced."""
    whole.project.reset(services=services(timeout=9))
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
    assert {"Queue refunds-queue", "Function refunds-function", "Role refunds-role"} <= added[
        "create"
    ]
    assert all("refunds" in made for made in added["create"])
    assert set(added) == {"create", "update"}

    whole.project.reset()
    removed = whole.project.up()
    assert removed["delete"] == added["create"]
    assert set(removed) == {"delete", "update"}


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
    as_it_was.send_unroutable(change.partition("(")[0])
    until(lambda: as_it_was.unrouted() > 0, "the message in the unrouted queue")
    before = as_it_was.unrouted()
    as_it_was.project.edit("components/intake.py", QUEUE, change)
    assert not set(as_it_was.project.up()) - {"update"}
    assert as_it_was.unrouted() == before


def test_without_an_alias_the_protection_stops_it(whole: Running) -> None:
    whole.send_unroutable("kept")
    until(lambda: whole.unrouted() > 0, "the message in the unrouted queue")
    before = whole.unrouted()
    whole.project.reset(protect=True, deletionProtection=True)
    whole.project.up()
    whole.project.edit("components/intake.py", QUEUE, FORGOTTEN)
    said = whole.project.refused_up()
    assert "unrouted-queue" in said
    assert "protect" in said
    assert whole.unrouted() == before


@pytest.mark.parametrize("refreshed", [False, True], ids=["as it is", "after a refresh"])
def test_a_batch_size_changes_the_mapping_and_does_not_start_what_is_held(
    whole: Running, *, refreshed: bool
) -> None:
    """The manager owns whether a mapping is enabled, and with what concurrency."""
    whole.order("disable", PAYMENTS)
    until(lambda: whole.mapping(PAYMENTS)["State"] == "Disabled", "the disabled mapping")
    before = whole.status(PAYMENTS)
    if refreshed:
        whole.project.refresh()
    whole.project.reset(services=services(batchSize=3))
    done = whole.project.up()
    mapping, after = whole.mapping(PAYMENTS), whole.status(PAYMENTS)
    whole.order("enable", PAYMENTS)
    until(lambda: whole.status(PAYMENTS)["circuit"] == "closed", "the closed circuit")
    assert done == {"update": {f"EventSourceMapping {PAYMENTS}-mapping"}}
    assert (mapping["State"], mapping["BatchSize"]) == ("Disabled", 3)
    assert (after["circuit"], after["generation"]) == (before["circuit"], before["generation"])
