"""Which message a probe tries: one real one, and not the suspect while others wait."""

from handlers.common.circuit.events import Verdict
from handlers.common.ledger.entries import Status
from handlers.common.worker.probe import CANDIDATES, SqsSource
from tests.unit.handlers.common.figures import SERVICE
from tests.unit.handlers.common.queue_and_topic import Aws
from tests.unit.handlers.common.records import payment
from tests.unit.handlers.common.worker.probing import Queue, opened, probed
from tests.unit.handlers.common.world import World
from tests.unit.handlers.rules import FIRST_FAILURE


def test_a_duplicate_says_nothing_and_the_next_is_tried() -> None:
    world = World()
    world.batch(payment("m1"))
    other = opened()
    other.ledger.entries = world.ledger.entries
    queue = Queue(payment("m1", carrier="again"), payment("m2", customer="c2"))
    assert probed(other, queue).verdict is Verdict.WELL
    assert queue.deleted == ["again", "sqs-m2"]


def test_what_says_nothing_again_and_again_is_undecided() -> None:
    world = opened()
    for n in range(CANDIDATES):
        world.bank.always[f"c{n}"] = "defect"
    queue = Queue(*(payment(f"m{n}", customer=f"c{n}") for n in range(CANDIDATES + 1)))
    assert probed(world, queue).verdict is Verdict.UNDECIDED
    assert len(queue.waiting) == 1
    assert queue.deleted == []
    assert len(world.sink.hidden) == CANDIDATES


def suspected(world: World) -> None:
    """Customer c1's message breaks the bank while others succeed."""
    world.bank.always["c1"] = "500"
    probed(world, Queue(payment("m1")))
    world.now += 1
    assert probed(world, Queue(payment("m0", customer="c0"))).verdict is Verdict.WELL


def test_a_suspect_is_left_alone_while_others_wait() -> None:
    world = opened()
    suspected(world)
    called = len(world.bank.called)
    queue = Queue(payment("m1"), payment("m2", customer="c2"))
    assert probed(world, queue).verdict is Verdict.WELL
    assert world.bank.called[called:] == [f"{SERVICE}#m2"]
    assert world.sink.hidden[-1] == ("receipt-sqs-m1", FIRST_FAILURE.turn)
    assert world.ledger.entries[f"{SERVICE}#m1"].status is Status.WAITING


def test_a_suspect_is_tried_where_nobody_else_waits() -> None:
    world = opened()
    suspected(world)
    world.bank.always.clear()
    assert probed(world, Queue(payment("m1"))).verdict is Verdict.WELL


def test_a_probe_with_little_time_left_takes_no_message() -> None:
    queue = Queue(payment())
    assert probed(opened(), queue, remaining=12.9).verdict is Verdict.EMPTY
    assert queue.waits == []


def test_a_probes_source_takes_one_message_and_deletes_it(aws: Aws) -> None:
    for n in range(2):
        aws.sqs.send_message(
            QueueUrl=aws.queue,
            MessageBody=f"body-{n}",
            MessageGroupId=f"c{n}",
            MessageDeduplicationId=str(n),
            MessageAttributes={"redrive_id": {"DataType": "String", "StringValue": "r1"}},
        )
    source = SqsSource(aws.sqs, aws.queue)
    delivery = source.receive(0)
    assert delivery is not None
    assert (delivery.body, delivery.group, delivery.redrive_id) == ("body-0", "c0", "r1")
    assert delivery.sent_at > 0
    source.delete(delivery)
    assert source.receive(0) is not None
    assert source.receive(0) is None
    assert aws.hidden() == 1
