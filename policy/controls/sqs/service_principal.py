from policy import tokens
from policy.checks.resource_policy import unbound_services
from policy.control import Control, Severity

CONTROL = Control(
    id="sqs-service-principal",
    title="A queue policy lets an AWS service in for named sources only",
    why="Without aws:SourceArn or aws:SourceAccount, anybody's topic or rule can make the service"
    " send to this queue (confused deputy).",
    severity=Severity.HIGH,
    fix="Add a condition on aws:SourceArn, and aws:SourceAccount beside it.",
    sources=(
        "https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ),
    judges=(tokens.QUEUE, tokens.QUEUE_POLICY),
    reads={tokens.QUEUE: ("policy",), tokens.QUEUE_POLICY: ("policy",)},
    check=unbound_services,
)
