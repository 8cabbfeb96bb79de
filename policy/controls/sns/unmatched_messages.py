from collections.abc import Mapping, Sequence

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource
from policy.values import list_of, mapping_of, texts


def _check(topic: Resource, context: Context) -> Judgement:
    graph = context.graph
    subscriptions = graph.pointing(tokens.SUBSCRIPTION, "topic", topic)
    filters = [item.document("filterPolicy") or {} for item in subscriptions]
    if not subscriptions or not all(filters):
        return
    keys = {key for policy in filters for key in policy if not key.startswith("$")}
    for key in sorted(keys):
        taken = {value for policy in filters for value in texts(policy.get(key))}
        if not any(_takes_the_rest(policy, key, taken) for policy in filters):
            yield Violation(
                path="name",
                found=f"a message with another {key} than {', '.join(sorted(taken))}, or none,"
                " reaches no subscription, or two",
                wanted="a subscription for what the others leave (anything-but and exists: false)",
            )


def _takes_the_rest(policy: Mapping[str, object], key: str, taken: set[str]) -> bool:
    options = [policy, *_alternatives(policy)]
    absent = others = False
    for option in options:
        if set(option) - {key, "$or"}:
            continue
        for item in list_of(option.get(key)):
            rule = mapping_of(item)
            absent = absent or rule.get("exists") is False
            excluded = texts(rule.get("anything-but"))
            others = others or ("anything-but" in rule and set(excluded) == taken)
    return absent and others


def _alternatives(policy: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    return [mapping_of(item) for item in list_of(policy.get("$or"))]


CONTROL = Control(
    id="sns-unmatched-messages",
    title="A message that matches no filter is kept",
    why="SNS drops a message that no subscription takes; a mistyped attribute loses a payment.",
    severity=Severity.HIGH,
    fix="Subscribe one more queue with a filter for everything that the others leave.",
    sources=("https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html",),
    judges=(tokens.TOPIC,),
    reads={tokens.SUBSCRIPTION: ("filterPolicy", "topic"), tokens.TOPIC: ("name",)},
    check=_check,
)
