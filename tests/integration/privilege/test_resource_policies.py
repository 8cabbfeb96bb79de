"""Who may reach a queue, a topic or the manager, by their own policies."""

from dataclasses import replace

import pytest

from local.emulator.judge import Request
from local.privilege.account import Account, read
from local.project import PREFIX
from local.system import System
from tests.integration.privilege.names import ACCOUNT, REGION, queue, role, topic
from tests.integration.privilege.widened import with_grant


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Account:
    with System.start(tmp_path_factory.mktemp("read")) as system:
        return read(system.access)


def source(arn: str) -> dict[str, tuple[str, ...]]:
    return {"aws:sourcearn": (arn,), "aws:sourceaccount": (arn.split(":")[4],)}


PLAIN = {"aws:securetransport": ("false",)}
ABROAD = "arn:aws:iam::999999999999:role/anyone"
MANAGER = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{PREFIX}-subscription-manager"
ALARM = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{PREFIX}-payment-processing-errors"
SNS, CLOUDWATCH = "sns.amazonaws.com", "cloudwatch.amazonaws.com"
PAYMENTS = queue("payment-processing.fifo")
FOREIGN = f"arn:aws:sns:{REGION}:999999999999:{PREFIX}-transaction-processing.fifo"


@pytest.mark.parametrize(
    ("principal", "action", "resource", "context", "allowed"),
    [
        (SNS, "sqs:SendMessage", PAYMENTS, source(topic("transaction-processing.fifo")), True),
        (SNS, "sqs:SendMessage", PAYMENTS, source(topic("outcomes.fifo")), False),
        (SNS, "sqs:SendMessage", PAYMENTS, source(FOREIGN), False),
        (role("subscription-manager"), "sqs:SendMessage", PAYMENTS, {}, True),
        (role("subscription-manager"), "sqs:SendMessage", PAYMENTS, PLAIN, False),
        (ABROAD, "sqs:SendMessage", PAYMENTS, {}, False),
        (ABROAD, "sns:Publish", topic("transaction-processing.fifo"), {}, False),
        (ABROAD, "sns:Publish", topic("subscription-control"), {}, False),
        (role("operator"), "sns:Publish", topic("subscription-control"), {}, True),
        (role("operator"), "sns:Publish", topic("subscription-control"), PLAIN, False),
        (CLOUDWATCH, "sns:Publish", topic("subscription-control"), source(ALARM), True),
        (
            CLOUDWATCH,
            "sns:Publish",
            topic("subscription-control"),
            source(ALARM.replace(PREFIX, "another")),
            False,
        ),
        (SNS, "lambda:InvokeFunction", MANAGER, source(topic("subscription-control")), True),
        (SNS, "lambda:InvokeFunction", MANAGER, source(topic("notifications")), False),
        (role("reconcile"), "lambda:InvokeFunction", MANAGER, {}, True),
        (role("payment-processing"), "lambda:InvokeFunction", MANAGER, {}, False),
        ("events.amazonaws.com", "lambda:InvokeFunction", MANAGER, source(ALARM), False),
    ],
)
def test_who_may_reach_queues_topics_and_the_manager_is_said_by_their_own_policies(  # noqa: PLR0913, PLR0917 - a table's columns
    account: Account,
    principal: str,
    action: str,
    resource: str,
    context: dict[str, tuple[str, ...]],
    allowed: bool,
) -> None:
    request = Request(principal=principal, action=action, resource=resource, context=context)

    assert account.decide(request).allowed is allowed


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("sqs:SendMessage", PAYMENTS),
        ("sqs:SendMessage", queue("payment-processing-dlq.fifo")),
        ("sqs:SendMessage", queue("unrouted.fifo")),
        ("sns:Publish", topic("subscription-control")),
        ("sns:Publish", topic("outcomes.fifo")),
        ("sns:Publish", topic("notifications")),
    ],
)
def test_a_grant_of_ones_own_does_not_open_a_queue_or_a_topic(
    account: Account, action: str, resource: str
) -> None:
    stranger = role("bank-account-setup").replace(PREFIX, "someone")
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    known = replace(account, roles={**account.roles, stranger: ()})
    known = with_grant(known, stranger, statement)

    decision = known.decide(Request(principal=stranger, action=action, resource=resource))

    assert decision.why == "explicit deny"
