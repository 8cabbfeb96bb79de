import json

import pytest

from policy.values import UNKNOWN
from tests.policy.cases import Case, allows, lets, rows
from tests.policy.sound import (
    ACCOUNT,
    Edit,
    Json,
    added,
    arn,
    both,
    given,
    gone,
    only,
    option,
    queue,
    resources,
    tls,
    unknown,
)

REDRIVE = json.dumps({"deadLetterTargetArn": arn("sqs", "shop-dev-lost"), "maxReceiveCount": 10})
STRANGERS_DLQ = "arn:aws:sqs:us-east-2:999999999999:shop-dev-pay-dlq.fifo"
PAY = "shop-dev-pay.fifo"
SEND = "sqs:SendMessage"
OF_ORGANISATION = {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-shop"}}
OF_STRANGER = {"ArnLike": {"aws:SourceArn": "arn:aws:sns:us-east-2:999999999999:tx.fifo"}}


def excepting(statement: dict[str, Json], who: str) -> dict[str, Json]:
    rest = {key: value for key, value in statement.items() if key != "Principal"}
    return {**rest, "NotPrincipal": {"AWS": who}}


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
        "sqs-fifo-settings",
        (
            given("pay", fifoQueue=None),
            given("pay", name="shop-dev-pay"),
            given("lost", deduplicationScope="queue"),
            given("pay", deduplicationScope="queue"),
        ),
        (unknown("pay", "name"), unknown("pay", "deduplicationScope")),
    ),
    Case(
        "sqs-high-throughput",
        (given("pay", fifoThroughputLimit="perQueue"),),
        (unknown("pay", "fifoThroughputLimit"),),
    ),
    Case(
        "sqs-encrypted",
        (given("pay", kmsMasterKeyId=None), given("pay", kmsMasterKeyId="")),
        (option("pay", inputs={"sqsManagedSseEnabled": UNKNOWN}),),
        (
            given("pay", kmsMasterKeyId=None, sqsManagedSseEnabled=True),
            unknown("pay", "kmsMasterKeyId"),
        ),
    ),
    Case(
        "sqs-customer-key",
        (given("pay", kmsMasterKeyId="alias/aws/sqs"), given("pay", kmsMasterKeyId=None)),
        (unknown("pay", "kmsMasterKeyId"),),
        (
            option(
                "pay",
                inputs={**resources()["pay"].inputs, "kmsMasterKeyId": UNKNOWN},
                edges={"kmsMasterKeyId": (resources()["key"].urn,)},
            ),
        ),
    ),
    Case(
        "sqs-tls-only",
        (
            gone("pay-policy"),
            allows("pay-policy", {**tls("sqs", "*"), "Action": "sqs:SendMessage"}),
            allows(
                "pay-policy",
                {**tls("sqs", "*"), "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
            ),
            allows("pay-policy", {**tls("sqs", "*"), "Principal": {"AWS": arn("iam", "role/x")}}),
            allows("pay-policy", excepting(tls("sqs", "*"), arn("iam", "role/x"))),
        ),
        (unknown("pay-policy", "policy"), unknown("pay-policy", "queueUrl")),
        (
            allows(
                "pay-policy",
                {**tls("sqs", "*"), "Condition": {"BoolIfExists": {"aws:SecureTransport": False}}},
            ),
            allows("pay-policy", tls("sqs", arn("sqs", "shop-dev-*"))),
        ),
    ),
    Case(
        "sqs-not-public",
        (
            allows("pay-policy", lets("*")),
            allows("pay-policy", lets({"AWS": "*"}, StringEquals={"aws:RequestedRegion": "x"})),
            allows("pay-policy", lets("*", SEND, **OF_ORGANISATION)),
            allows("pay-policy", lets("*", ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/x"})),
            allows("pay-policy", lets("*", StringLike={"aws:PrincipalArn": "a*"})),
            allows("pay-policy", lets("*", StringLike={"aws:PrincipalOrgID": "o-*"})),
            allows("pay-policy", lets("*", StringLike={"aws:PrincipalAccount": "????????????"})),
            allows("pay-policy", lets("*", ArnLike={"aws:SourceArn": "arn:aws:s3:::*"})),
        ),
        (unknown("pay-policy", "policy"),),
        (
            allows("pay-policy", lets("*", StringEquals={"aws:PrincipalAccount": ACCOUNT})),
            allows("pay-policy", lets("*", StringEquals={"aws:SourceVpce": "vpce-1"})),
            allows(
                "pay-policy",
                lets("*", SEND, **OF_ORGANISATION, Null={"aws:PrincipalOrgID": "false"}),
            ),
        ),
    ),
    Case(
        "sqs-no-star-action",
        (
            allows("pay-policy", lets({"AWS": "x"}, "sqs:*")),
            allows("pay-policy", lets({"AWS": "x"}, "*")),
            allows("pay-policy", lets({"AWS": "x"}, "sqs:**")),
            allows("pay-policy", lets({"AWS": "x"}, "sqs:S*")),
            allows("pay-policy", lets({"AWS": "x"}, "sqs:?endMessage")),
        ),
        (unknown("pay-policy", "policy"),),
    ),
    Case(
        "sqs-cross-account",
        (
            allows("pay-policy", lets({"AWS": "arn:aws:iam::999999999999:root"})),
            allows("pay-policy", lets({"AWS": "999999999999"})),
            allows("pay-policy", lets({"Service": "sns.amazonaws.com"}, SEND, **OF_STRANGER)),
        ),
        (unknown("pay-policy", "policy"),),
        (allows("pay-policy", lets({"AWS": "arn:aws:iam::222222222222:root"})),),
        parameters={"accounts": ["222222222222"]},
    ),
    Case(
        "sqs-service-principal",
        (
            allows("pay-policy", lets({"Service": "sns.amazonaws.com"})),
            allows(
                "pay-policy", lets({"Service": "sns.amazonaws.com"}, ArnLike={"aws:SourceArn": "*"})
            ),
            allows(
                "pay-policy",
                lets(
                    {"Service": "sns.amazonaws.com"},
                    ArnLike={"aws:SourceArn": "arn:aws:sns:*:*:shop-dev-tx.fifo"},
                ),
            ),
        ),
        (unknown("pay-policy", "policy"),),
    ),
    Case(
        "sqs-tagged",
        (given("pay", tags=None), given("pay", tags={"Other": "x"})),
        (unknown("pay", "tags"),),
        (
            given("pay", tags={"Project": "x", "More": "y"}),
            option("pay", inputs={"tags": {}}, default_tags={"Project": "x"}),
        ),
        parameters={"tags": ["Project"]},
    ),
    Case(
        "sqs-visibility-timeout",
        (
            given("pay", visibilityTimeoutSeconds=30),
            given("pay", visibilityTimeoutSeconds=None),
            given("pay-function", timeout=60),
            given("pay", visibilityTimeoutSeconds=50_000),
        ),
        (
            unknown("pay", "visibilityTimeoutSeconds"),
            unknown("pay-function", "timeout"),
            unknown("mapping", "eventSourceArn"),
        ),
        (given("pay-function", timeout=None),),
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
        "sqs-retention",
        (
            given("pay", messageRetentionSeconds=None),
            given("pay", messageRetentionSeconds=9_999_999),
        ),
        (unknown("pay", "messageRetentionSeconds"),),
        parameters={"days": 14},
    ),
    Case(
        "sqs-redrive-allow",
        (
            given("dlq", redriveAllowPolicy=None),
            given("dlq", redriveAllowPolicy='{"redrivePermission": "allowAll"}'),
            given("dlq", redriveAllowPolicy='{"redrivePermission": "denyAll"}'),
            given("pay", redriveAllowPolicy=None),
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
    Case(
        "sqs-mapping-batch",
        (
            given("mapping", batchSize=100),
            given("mapping", maximumBatchingWindowInSeconds=5),
            given("mapping", startingPosition="LATEST"),
            given("mapping", batchSize=0),
        ),
        (unknown("mapping", "batchSize"), unknown("mapping", "eventSourceArn")),
    ),
    Case(
        "sqs-senders-named",
        (
            gone("pay-policy"),
            allows("pay-policy", tls("sqs", "*")),
            allows(
                "pay-policy", {**only("x"), "Condition": {"ArnNotLike": {"aws:PrincipalArn": "*"}}}
            ),
            allows(
                "pay-policy",
                {
                    **only(PAY),
                    "Condition": {
                        "StringNotLike": {"aws:PrincipalArn": "arn:aws:iam::????????????:role/a"}
                    },
                },
            ),
            allows("pay-policy", only("shop-dev-other.fifo")),
            allows(
                "pay-policy",
                {
                    **only(PAY),
                    "Condition": {"StringNotEquals": {"aws:PrincipalIsAWSService": "false"}},
                },
            ),
        ),
        (unknown("pay-policy", "policy"),),
    ),
)


@pytest.mark.parametrize(("case", "edit"), rows(CASES, "holds"))
def test_holds_on_a_sound_program(case: Case, edit: Edit) -> None:
    verdicts = case.judge(edit)
    assert verdicts.holds
    assert verdicts.judged


@pytest.mark.parametrize(("case", "edit"), rows(CASES, "violated"))
def test_is_violated(case: Case, edit: Edit) -> None:
    verdicts = case.judge(edit)
    assert verdicts.violations
    assert not verdicts.crashes


@pytest.mark.parametrize(("case", "edit"), rows(CASES, "undecided"))
def test_is_undecided_and_says_what_is_not_known(case: Case, edit: Edit) -> None:
    verdicts = case.judge(edit)
    assert verdicts.undecided
    assert all(said.path for _, said in verdicts.undecided)
    assert not verdicts.violations
    assert not verdicts.crashes
