"""Lets the stack's topics send their part of a trace to X-Ray.

The console makes this policy by itself; a program has to (X-Ray guide, "Amazon SNS and AWS X-Ray").
"""

import pulumi
import pulumi_aws as aws

from components.grants import document
from components.names import Names
from components.stage import Component, Stage


def tracing_policy(names: Names) -> str:
    """Only for topics of this stack, in this account."""
    statement = {
        "Sid": "TopicsOfThisStack",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": [
            "xray:PutTraceSegments",
            "xray:GetSamplingRules",
            "xray:GetSamplingTargets",
        ],
        "Resource": "*",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": names.account},
            "StringLike": {"aws:SourceArn": names.topic_arn(f"{names.prefix}-*")},
        },
    }
    return document([statement])


class TopicTracing(Component):
    """X-Ray's resource policy for the topics."""

    def __init__(self, name: str, stage: Stage, opts: pulumi.ResourceOptions | None = None) -> None:
        names = stage.names
        super().__init__(name, stage, {"policyName": names.of("topics")}, opts)
        aws.xray.ResourcePolicy(
            name,
            policy_name=names.of("topics"),
            policy_document=tracing_policy(names),
            opts=self.child(),
        )
        self.register_outputs({})
