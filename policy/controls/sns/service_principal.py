from policy import tokens
from policy.checks.resource_policy import unbound_services
from policy.control import Control, Severity

CONTROL = Control(
    id="sns-service-principal",
    title="A topic policy lets an AWS service in for named sources only",
    why="Without aws:SourceArn or aws:SourceAccount, anybody's alarm or rule can make the service"
    " publish here (confused deputy).",
    severity=Severity.HIGH,
    fix="Add a condition on aws:SourceArn, and aws:SourceAccount beside it.",
    sources=(
        "https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ),
    judges=(tokens.TOPIC, tokens.TOPIC_POLICY),
    reads={tokens.TOPIC: ("policy",), tokens.TOPIC_POLICY: ("policy",)},
    check=unbound_services,
)
