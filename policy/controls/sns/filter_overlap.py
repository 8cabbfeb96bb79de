from policy import tokens
from policy.control import Context, Control, Judgement, Level, Severity, Violation
from policy.resource import Resource
from policy.values import texts


def _check(topic: Resource, context: Context) -> Judgement:
    taken: dict[tuple[str, str], Resource] = {}
    subscriptions = context.graph.pointing(tokens.SUBSCRIPTION, "topic", topic)
    if not any(item.document("filterPolicy") for item in subscriptions):
        return
    for subscription in subscriptions:
        if not subscription.document("filterPolicy"):
            yield Violation(
                resource=subscription,
                path="filterPolicy",
                found="none: it takes what the others take too",
                wanted="a filter, as the topic's other subscriptions have",
            )
        if (subscription.text("filterPolicyScope") or "MessageAttributes") != "MessageAttributes":
            yield Violation(
                resource=subscription,
                path="filterPolicyScope",
                found=str(subscription.text("filterPolicyScope")),
                wanted="MessageAttributes",
            )
        for key, value in (subscription.document("filterPolicy") or {}).items():
            for text in texts(value):
                other = taken.setdefault((key, text), subscription)
                if other is not subscription:
                    yield Violation(
                        resource=subscription,
                        path="filterPolicy",
                        found=f"{key} {text} goes to {other.name} too",
                        wanted="one subscription for each value",
                    )


CONTROL = Control(
    id="sns-filter-overlap",
    title="Each kind of message has one taker",
    why="Two queues that both take a payment pay it twice.",
    severity=Severity.HIGH,
    fix="Make the filters of a topic's subscriptions disjoint, all on message attributes.",
    sources=("https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html",),
    judges=(tokens.TOPIC,),
    reads={tokens.SUBSCRIPTION: ("filterPolicy", "filterPolicyScope", "topic")},
    check=_check,
    level=Level.DISABLED,
    off_because="Fan-out of one message to several takers is as usual as one taker; a program in"
    " which two takers are a mistake switches it on.",
)
