from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Level, Severity, Violation
from policy.resource import Resource

_ZONES: Final = 2


def _check(function: Resource, context: Context) -> Judgement:
    del context
    subnets = function.items("vpcConfig", "subnetIds")
    if len(subnets) < _ZONES:
        yield Violation(
            path="vpcConfig.subnetIds", found=f"{len(subnets)} subnets", wanted="two or more"
        )


CONTROL = Control(
    id="lambda-in-vpc",
    title="A function runs in a VPC, in several zones",
    why="Its traffic can be watched and filtered.",
    severity=Severity.LOW,
    fix="Set vpcConfig with subnets of two zones.",
    sources=(
        "Security Hub Lambda.3",
        "Security Hub Lambda.5",
        "cdk-nag NIST.800.53.R5-LambdaInsideVPC",
        "checkov CKV_AWS_117",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/lambda-controls.html",
    ),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("vpcConfig",)},
    check=_check,
    level=Level.DISABLED,
    off_because="A function that calls AWS and public HTTPS only gains nothing but NAT gateways"
    " and endpoints; outside of a VPC Lambda already runs in several zones.",
)
