"""Who may send, and how."""

from tests.policy.cases import Case, allows, lets
from tests.policy.sound.edits import gone, unknown
from tests.policy.sound.parts import ACCOUNT, Json, arn, only, tls

PAY = "shop-dev-pay.fifo"
SEND = "sqs:SendMessage"
OF_ORGANISATION = {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-shop"}}
OF_STRANGER = {"ArnLike": {"aws:SourceArn": "arn:aws:sns:us-east-2:999999999999:tx.fifo"}}


def excepting(statement: dict[str, Json], who: str) -> dict[str, Json]:
    rest = {key: value for key, value in statement.items() if key != "Principal"}
    return {**rest, "NotPrincipal": {"AWS": who}}


CASES = (
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
