"""AWS's rules of evaluation, as far as this system's policies go."""

from collections.abc import Mapping
from typing import Any

import pytest

from local.emulator.judge import (
    Policies,
    Request,
    Statement,
    UnjudgeableError,
    judge,
    statements,
)

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"
QUEUE = f"arn:aws:sqs:us-east-2:{ACCOUNT}:queue"
KEY = f"arn:aws:kms:us-east-2:{ACCOUNT}:key/1"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
SNS = "sns.amazonaws.com"

Found = Mapping[str, Any]


def allow(**more: object) -> Found:
    return {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": QUEUE, **more}


def deny(**more: object) -> Found:
    return {**allow(**more), "Effect": "Deny"}


def passes(  # noqa: PLR0913 - a request and each kind of policy
    *,
    own: tuple[Found, ...] | None = (),
    resource: tuple[Found, ...] | None = None,
    boundary: tuple[Found, ...] | None = None,
    principal: str = ROLE,
    action: str = "sqs:SendMessage",
    on: str = QUEUE,
    context: Mapping[str, tuple[str, ...]] | None = None,
) -> bool:
    def documents(found: tuple[Found, ...] | None) -> tuple[Statement, ...] | None:
        return None if found is None else statements({"Statement": list(found)})

    request = Request(principal=principal, action=action, resource=on, context=context or {})
    policies = Policies(
        identity=documents(own),
        resource=documents(resource),
        boundary=documents(boundary),
        key=":kms:" in on,
    )
    return judge(request, policies).allowed


def when(operator: str, key: str, *values: str) -> Found:
    return allow(Condition={operator: {key: list(values)}})


def test_what_nobody_allows_is_denied() -> None:
    assert not passes()


def test_a_grant_allows_its_action_on_its_resource_only() -> None:
    assert passes(own=(allow(),))
    assert not passes(own=(allow(),), action="sqs:ReceiveMessage")
    assert not passes(own=(allow(),), on=f"{QUEUE}-dlq")


def test_actions_are_compared_without_case_and_resources_with() -> None:
    assert passes(own=(allow(Action="SQS:sendmessage"),))
    assert not passes(own=(allow(Resource=QUEUE.replace("queue", "Queue")),))


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [("*", True), (f"{QUEUE[:-1]}?", True), (f"{QUEUE}?", False), ("arn:aws:sqs:*:queue", True)],
)
def test_a_pattern_stands_for_names(pattern: str, *, matches: bool) -> None:
    assert passes(own=(allow(Resource=pattern),)) is matches


def test_everything_but_is_understood() -> None:
    other: Found = {"Effect": "Allow", "NotAction": "iam:*", "NotResource": f"{QUEUE}-dlq"}
    assert passes(own=(other,))
    assert not passes(own=(other,), action="iam:PassRole")
    assert not passes(own=(other,), on=f"{QUEUE}-dlq")


def test_a_deny_anywhere_wins() -> None:
    everyone = {"Principal": "*"}
    assert not passes(own=(allow(), deny()))
    assert not passes(own=(allow(),), resource=(deny(**everyone),))
    assert not passes(own=(allow(),), boundary=(allow(), deny()))
    assert not passes(own=None, principal=ROOT, resource=(deny(**everyone),))


def test_a_boundary_only_limits() -> None:
    assert passes(own=(allow(),), boundary=(allow(Action="sqs:*"),))
    assert not passes(own=(), boundary=(allow(),))
    assert not passes(own=(allow(),), boundary=(allow(Action="sns:*"),))


def test_a_resource_may_name_a_role_of_its_account_but_the_account_alone_leaves_it_to_roles() -> (
    None
):
    assert passes(resource=(allow(Principal={"AWS": ROLE}),))
    assert not passes(resource=(allow(Principal={"AWS": ROOT}),))


def test_from_another_account_both_sides_must_allow() -> None:
    stranger = ROLE.replace(ACCOUNT, "999999999999")
    named = allow(Principal={"AWS": stranger})
    assert not passes(principal=stranger, own=(allow(),))
    assert not passes(principal=stranger, resource=(named,))
    assert passes(principal=stranger, own=(allow(),), resource=(named,))


def test_a_key_needs_its_own_policy_even_for_the_roles_of_its_account() -> None:
    use: Found = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
    left_to_roles = {**use, "Principal": {"AWS": ROOT}}
    asked: Any = {"action": "kms:Decrypt", "on": KEY}
    assert not passes(own=(use,), **asked)
    assert not passes(resource=(left_to_roles,), **asked)
    assert passes(own=(use,), resource=(left_to_roles,), **asked)


def test_a_service_needs_a_policy_of_the_resource_that_names_it() -> None:
    by_topic = allow(
        Principal={"Service": SNS}, Condition={"ArnEquals": {"aws:SourceArn": "arn:aws:sns:r:1:t"}}
    )
    right = {"aws:sourcearn": ("arn:aws:sns:r:1:t",)}
    wrong = {"aws:sourcearn": ("arn:aws:sns:r:1:other",)}
    assert passes(principal=SNS, resource=(by_topic,), context=right)
    assert not passes(principal=SNS, resource=(by_topic,), context=wrong)
    assert not passes(principal="events.amazonaws.com", resource=(by_topic,), context=right)


def test_a_deny_for_all_but_a_role_spares_services() -> None:
    others: Found = deny(
        Principal="*",
        Condition={
            "ArnNotEquals": {"aws:PrincipalArn": [ROLE]},
            "Bool": {"aws:PrincipalIsAWSService": "false"},
        },
    )
    to_all = allow(Principal="*")
    assert passes(own=(allow(),), resource=(others,))
    assert not passes(own=(allow(),), resource=(others,), principal=f"{ROLE}-2")
    assert passes(principal=SNS, resource=(others, to_all))


def test_without_tls_a_deny_of_plain_http_holds() -> None:
    plain = deny(Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}})
    assert passes(own=(allow(),), resource=(plain,))
    assert not passes(
        own=(allow(),), resource=(plain,), context={"aws:securetransport": ("false",)}
    )


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "holds"),
    [
        ("StringEquals", "a", ("a",), True),
        ("StringEquals", "a", ("A",), False),
        ("StringEquals", "a", None, False),
        ("StringEqualsIfExists", "a", None, True),
        ("StringNotEquals", "a", ("b",), True),
        ("StringNotEquals", "a", ("a",), False),
        ("StringNotEquals", "a", None, True),
        ("StringLike", "pay#*", ("pay#1",), True),
        ("StringLike", "pay#*", ("bank#1",), False),
        ("StringNotLike", "pay#*", ("pay#1",), False),
        ("ForAllValues:StringLike", "pay#*", ("pay#1", "pay#2"), True),
        ("ForAllValues:StringLike", "pay#*", ("pay#1", "bank#2"), False),
        ("ForAllValues:StringLike", "pay#*", None, True),
        ("ForAnyValue:StringEquals", "a", ("b", "a"), True),
        ("ForAnyValue:StringEquals", "a", None, False),
        ("Null", "false", ("a",), True),
        ("Null", "false", None, False),
        ("Null", "true", None, True),
    ],
)
def test_a_condition_holds_as_aws_says(
    operator: str, wanted: str, given: tuple[str, ...] | None, *, holds: bool
) -> None:
    context = {} if given is None else {"dynamodb:leadingkeys": given}
    statement = when(operator, "dynamodb:LeadingKeys", wanted)
    assert passes(own=(statement,), context=context) is holds


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("arn:aws:lambda:us-east-2:1:function:pay", True),
        ("arn:aws:lambda:*:1:function:pay*", True),
        ("arn:aws:lambda:us-east-2:1:*", True),
        ("arn:*:pay", False),
        ("arn:aws:lambda:us-east-2:2:function:pay", False),
    ],
)
def test_an_arn_is_compared_part_by_part(pattern: str, *, matches: bool) -> None:
    context = {"lambda:functionarn": ("arn:aws:lambda:us-east-2:1:function:pay",)}
    assert passes(own=(when("ArnLike", "lambda:FunctionArn", pattern),), context=context) is matches


@pytest.mark.parametrize(
    "statement",
    [
        when("NumericLessThan", "dynamodb:LeadingKeys", "3"),
        when("StringEquals", "aws:SourceVpc", "vpc-1"),
        when("StringEquals", "dynamodb:LeadingKeys", "a"),
        allow(NotPrincipal={"AWS": ROLE}),
        {**allow(), "Effect": "Perhaps"},
    ],
    ids=["operator", "key", "several values for one", "element", "effect"],
)
def test_what_it_does_not_know_it_does_not_guess(statement: Found) -> None:
    with pytest.raises(UnjudgeableError):
        passes(own=(statement,), context={"dynamodb:leadingkeys": ("a", "b")})
