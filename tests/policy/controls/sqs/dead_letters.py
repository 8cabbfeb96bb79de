"""What cannot be worked off is kept, and somebody hears of it."""

import json

from policy.values import UNKNOWN
from tests.policy.cases import Case
from tests.policy.sound.edits import added, both, given, gone, option, unknown
from tests.policy.sound.parts import arn, queue
from tests.policy.sound.program import resources

REDRIVE = json.dumps({"deadLetterTargetArn": arn("sqs", "shop-dev-lost"), "maxReceiveCount": 10})
STRANGERS_DLQ = "arn:aws:sqs:us-east-2:999999999999:shop-dev-pay-dlq.fifo"

SOURCES = tuple(f"shop-dev-source-{number}.fifo" for number in range(10))
SOURCES_BEYOND_TEN = both(
    added(
        *(
            queue(name, name, redrivePolicy=resources()["pay"].inputs["redrivePolicy"])
            for name in SOURCES
        )
    ),
    given(
        "dlq",
        redriveAllowPolicy=json.dumps(
            {
                "redrivePermission": "byQueue",
                "sourceQueueArns": [
                    arn("sqs", name) for name in (*SOURCES, str(resources()["pay"].inputs["name"]))
                ],
            }
        ),
    ),
)

CASES = (
    Case(
        "sqs-dead-letter-queue",
        (
            given("pay", redrivePolicy=json.dumps({"deadLetterTargetArn": STRANGERS_DLQ})),
            given("pay", redrivePolicy=None),
            added(queue("q", "q")),
        ),
        holds=(
            option(
                "pay",
                inputs={**resources()["pay"].inputs, "redrivePolicy": UNKNOWN},
                edges={"redrivePolicy": (resources()["dlq"].urn,)},
            ),
        ),
    ),
    Case(
        "sqs-dead-letter-queue-kind",
        (given("pay", redrivePolicy=REDRIVE), given("delivery", fifoQueue=None)),
        (unknown("dlq", "fifoQueue"),),
    ),
    Case(
        "sqs-max-receive-count",
        (
            given(
                "pay",
                redrivePolicy=json.dumps(
                    {
                        "deadLetterTargetArn": arn("sqs", "shop-dev-pay-dlq.fifo"),
                        "maxReceiveCount": 1,
                    }
                ),
            ),
            given(
                "pay",
                redrivePolicy=json.dumps(
                    {"deadLetterTargetArn": arn("sqs", "shop-dev-pay-dlq.fifo")}
                ),
            ),
        ),
        (
            option(
                "pay",
                inputs={**resources()["pay"].inputs, "redrivePolicy": UNKNOWN},
                edges={"redrivePolicy": (resources()["dlq"].urn,)},
            ),
        ),
    ),
    Case(
        "sqs-dead-letter-retention",
        (given("dlq", messageRetentionSeconds=60), given("dlq", messageRetentionSeconds=None)),
        (unknown("dlq", "messageRetentionSeconds"), unknown("pay", "messageRetentionSeconds")),
    ),
    Case(
        "sqs-redrive-allow",
        (
            given("dlq", redriveAllowPolicy=None),
            given("dlq", redriveAllowPolicy='{"redrivePermission": "allowAll"}'),
            given("dlq", redriveAllowPolicy='{"redrivePermission": "denyAll"}'),
            given("pay", redriveAllowPolicy=None),
            SOURCES_BEYOND_TEN,
        ),
        (unknown("dlq", "redriveAllowPolicy"),),
        parameters={"everywhere": True},
    ),
    Case(
        "sqs-dead-letter-alarm",
        (
            gone("dlq-depth"),
            given("dlq-depth", threshold=5),
            given("dlq-depth", alarmActions=[]),
            given("dlq-depth", comparisonOperator="LessThanThreshold"),
            given("dlq-depth", actionsEnabled=False),
        ),
        (unknown("dlq-depth", "alarmActions"), unknown("dlq-depth", "threshold")),
        (
            given("dlq-depth", threshold=1, comparisonOperator="GreaterThanOrEqualToThreshold"),
            both(
                given("dlq-depth", dimensions={"QueueName": UNKNOWN}),
                option("dlq-depth", edges={"dimensions": (resources()["dlq"].urn,)}),
            ),
        ),
    ),
    Case(
        "sqs-age-alarm",
        (
            gone("age"),
            given("age", alarmActions=[]),
            both(
                given("age", dimensions={"QueueName": UNKNOWN}),
                option("age", edges={"dimensions": (resources()["dlq"].urn,)}),
            ),
        ),
        (unknown("age", "alarmActions"), unknown("pay", "name")),
    ),
)
