import json

from tests.unit.components.harness import SERVICES, Graph, document, run

PREFIX = "utility-customer-system-dev"
ARN = f"arn:aws:sqs:us-east-2:210987654321:{PREFIX}"
TOPIC = f"arn:aws:sns:us-east-2:210987654321:{PREFIX}-transaction-processing.fifo"
ROLE = f"arn:aws:iam::210987654321:role/{PREFIX}"


def test_each_service_has_a_queue_its_dead_letters_and_those_of_its_subscription(
    dev: Graph,
) -> None:
    wanted = {f"{PREFIX}-subscription-manager-dlq"}
    for what in (*SERVICES, "unrouted"):
        wanted |= {
            f"{PREFIX}-{what}.fifo",
            f"{PREFIX}-{what}-dlq.fifo",
            f"{PREFIX}-{what}-delivery-dlq.fifo",
        }
    assert dev.names("Queue") == wanted


def test_every_queue_of_the_transactions_is_fifo_at_high_throughput(dev: Graph) -> None:
    for queue in dev.all("Queue"):
        if not queue.inputs["name"].endswith(".fifo"):
            assert "fifoQueue" not in queue.inputs
            continue
        assert queue.inputs["fifoQueue"] is True
        assert queue.inputs["deduplicationScope"] == "messageGroup"
        assert queue.inputs["fifoThroughputLimit"] == "perMessageGroupId"


def test_every_queue_is_encrypted_with_the_stacks_key_and_waits_for_it(any_stack: Graph) -> None:
    alias = any_stack.one("Alias", "key-alias")
    for queue in any_stack.all("Queue"):
        assert queue.inputs["kmsMasterKeyId"] == alias.inputs["name"]
        assert alias.urn in queue.dependencies


def test_a_queue_keeps_messages_14_days_and_its_dead_letters_no_less(dev: Graph) -> None:
    for queue in dev.all("Queue"):
        assert queue.inputs["messageRetentionSeconds"] == 14 * 24 * 3600


def test_a_queue_hides_messages_for_six_function_timeouts(any_stack: Graph) -> None:
    for service in SERVICES:
        queue = any_stack.one("Queue", f"{service}-queue")
        function = any_stack.one("Function", f"{service}-function")
        assert queue.inputs["visibilityTimeoutSeconds"] == 6 * function.inputs["timeout"]


def test_a_longer_visibility_timeout_is_taken_as_it_is() -> None:
    longer = run("dev", {"visibilityTimeout": 600})
    queue = longer.one("Queue", "payment-processing-queue")
    assert queue.inputs["visibilityTimeoutSeconds"] == 600


def test_too_many_receives_end_in_the_queues_own_dead_letters(dev: Graph) -> None:
    for what in (*SERVICES, "unrouted"):
        redrive = json.loads(dev.one("Queue", f"{what}-queue").inputs["redrivePolicy"])
        assert redrive == {"deadLetterTargetArn": f"{ARN}-{what}-dlq.fifo", "maxReceiveCount": 1000}


def test_dead_letters_are_taken_from_their_own_queue_only(dev: Graph) -> None:
    for what in (*SERVICES, "unrouted"):
        allowed = json.loads(dev.one("Queue", f"{what}-dlq").inputs["redriveAllowPolicy"])
        assert allowed == {
            "redrivePermission": "byQueue",
            "sourceQueueArns": [f"{ARN}-{what}.fifo"],
        }


def test_every_other_queue_takes_no_dead_letters(dev: Graph) -> None:
    for queue in dev.all("Queue"):
        if not queue.inputs["name"].endswith("-dlq.fifo") or "delivery" in queue.name:
            allowed = json.loads(queue.inputs["redriveAllowPolicy"])
            assert allowed == {"redrivePermission": "denyAll"}


def statement(graph: Graph, queue: str, sid: str) -> dict[str, object] | None:
    policy = graph.one("QueuePolicy", f"{queue}-policy").inputs["policy"]
    return next((s for s in document(policy) if s["Sid"] == sid), None)


def test_no_queue_is_reached_without_tls(any_stack: Graph) -> None:
    for queue in any_stack.all("Queue"):
        deny = statement(any_stack, queue.name, "DenyPlainHttp")
        assert deny is not None
        assert deny["Effect"] == "Deny"
        assert deny["Action"] == "sqs:*"
        assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_a_queue_takes_messages_from_the_transaction_topic_only(dev: Graph) -> None:
    for what in (*SERVICES, "unrouted"):
        for queue in (f"{what}-queue", f"{what}-delivery-dlq"):
            allow = statement(dev, queue, "AllowTopic")
            assert allow is not None
            assert allow["Principal"] == {"Service": "sns.amazonaws.com"}
            assert allow["Action"] == "sqs:SendMessage"
            assert allow["Condition"] == {"ArnEquals": {"aws:SourceArn": TOPIC}}


def test_no_topic_sends_to_dead_letters(dev: Graph) -> None:
    for what in (*SERVICES, "unrouted"):
        assert statement(dev, f"{what}-dlq", "AllowTopic") is None


def senders(graph: Graph, queue: str) -> list[str]:
    deny = statement(graph, queue, "DenyOtherSenders")
    assert deny is not None
    condition = deny["Condition"]
    assert isinstance(condition, dict)
    assert condition["Bool"] == {"aws:PrincipalIsAWSService": "false"}
    roles: list[str] = condition.get("ArnNotEquals", {}).get("aws:PrincipalArn", [])
    return roles


def test_only_the_manager_sends_to_a_services_queue(dev: Graph) -> None:
    for service in SERVICES:
        assert senders(dev, f"{service}-queue") == [f"{ROLE}-subscription-manager"]


def test_only_the_worker_sends_to_its_dead_letters(dev: Graph) -> None:
    for service in SERVICES:
        assert senders(dev, f"{service}-dlq") == [f"{ROLE}-{service}"]


def test_nobody_else_sends_where_only_topics_do(dev: Graph) -> None:
    assert senders(dev, "unrouted-queue") == []
    assert senders(dev, "payment-processing-delivery-dlq") == []
