from typing import Final

from policy import tokens
from policy.checks.encryption import key_of, uses_awss_key
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.graph import Graph
from policy.resource import Resource
from policy.values import texts
from policy.views.policies import policy_of

_NEEDED: Final = ("kms:Decrypt", "kms:GenerateDataKey")


def _check(topic: Resource, context: Context) -> Judgement:
    graph = context.graph
    if not _hears_alarms(graph, topic):
        return
    own = graph.account
    key = key_of(graph, topic, "kmsMasterKeyId") if topic.has("kmsMasterKeyId") else None
    allows = any(
        placed.statement.allows
        and "cloudwatch.amazonaws.com" in placed.statement.services()
        and placed.statement.covers("sns:Publish")
        for placed in policy_of(graph, topic)
    )
    if not allows:
        yield Violation(
            path="policy",
            found="alarms may not publish",
            wanted="Allow sns:Publish to cloudwatch.amazonaws.com",
        )
    if uses_awss_key(topic, "kmsMasterKeyId"):
        yield Violation(
            path="kmsMasterKeyId",
            found="AWS's own key, which CloudWatch may not use",
            wanted="a customer-managed key",
        )
    if key is not None:
        granted = [
            placed.statement
            for placed in policy_of(graph, key)
            if placed.statement.allows
            and "cloudwatch.amazonaws.com" in placed.statement.services()
            and all(own in item.values for item in placed.statement.condition("aws:SourceAccount"))
        ]
        missing = [action for action in _NEEDED if not any(item.covers(action) for item in granted)]
        if missing:
            yield Violation(
                resource=key,
                path="policy",
                found=f"cloudwatch.amazonaws.com lacks {', '.join(missing)}",
                wanted=", ".join(_NEEDED),
            )


def _hears_alarms(graph: Graph, topic: Resource) -> bool:
    for alarm in graph.of(tokens.ALARM, tokens.COMPOSITE_ALARM):
        if not alarm.known("alarmActions"):
            if topic in graph.edges(alarm, "alarmActions", tokens.TOPIC):
                return True
        elif any(graph.resolve(arn) is topic for arn in texts(alarm.get("alarmActions"))):
            return True
    return False


CONTROL = Control(
    id="cloudwatch-alarm-topic",
    title="Alarms may publish to the topics that they name, and use their keys",
    why="When it may not, only the alarm's history tells: the alarm rings and nobody hears.",
    severity=Severity.HIGH,
    fix="Allow cloudwatch.amazonaws.com in the topic's policy and in the key's.",
    sources=(
        "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html",
        "https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger",
    ),
    judges=(tokens.TOPIC,),
    reads={
        tokens.TOPIC: ("kmsMasterKeyId", "policy", "name"),
        tokens.TOPIC_POLICY: ("policy", "arn"),
        tokens.ALARM: ("alarmActions",),
        tokens.KEY: ("policy",),
        tokens.KEY_POLICY: ("policy", "keyId"),
        tokens.KEY_ALIAS: ("name", "targetKeyId"),
    },
    check=_check,
)
