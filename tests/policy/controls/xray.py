"""Traces."""

from policy import tokens
from tests.policy.cases import Case
from tests.policy.sound.edits import Edit, added, given, unknown
from tests.policy.sound.parts import ACCOUNT, Json, arn, document, resource

TOPIC = arn("sns", "shop-dev-alerts")


def traces(**changed: Json) -> Edit:
    """A policy that takes the own topics' traces, with parts of its statement changed."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "xray:PutTraceSegments",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    }
    return given("traces", policyDocument=document({**statement, **changed}))


CASES = (
    Case(
        "xray-policy-narrow",
        (
            traces(Principal="*"),
            traces(Principal={"AWS": "arn:aws:iam::999999999999:root"}),
            traces(Condition={}),
            traces(Condition={"StringEquals": {"aws:SourceAccount": "999999999999"}}),
            traces(Action="xray:*"),
            traces(Action="xray:Put*Segments"),
        ),
        (unknown("traces", "policyDocument"),),
        (traces(Condition={"ArnLike": {"aws:SourceArn": TOPIC}}),),
        base=(added(resource(tokens.TRACE_POLICY, "traces")), traces()),
    ),
)
