from policy import tokens
from policy.checks.resource_policy import unbound_services
from policy.control import Control, Severity

CONTROL = Control(
    id="ecr-service-principal",
    title="A repository's policy lets an AWS service in for named sources only",
    why="Without aws:SourceArn Lambda may pull for functions of any account (confused deputy).",
    severity=Severity.MEDIUM,
    fix="Add a condition on aws:SourceArn.",
    sources=(
        "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ),
    judges=(tokens.REPOSITORY_POLICY,),
    reads={tokens.REPOSITORY_POLICY: ("policy",)},
    check=unbound_services,
)
