from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource

_PRINCIPALS: Final = "iam"
"""Users, roots and providers are let in by name, which iam-trust and the like judge."""


def _check(root: Resource, context: Context) -> Judgement:
    del root
    graph = context.graph
    accounts = ("", "aws", graph.account, *context.words("accounts"))
    regions = ("", graph.region, *context.words("regions"))
    for mentioned in graph.mentioned:
        arn, modelled = mentioned.arn, mentioned.thing is not None
        if arn.account not in accounts and (modelled or arn.service != _PRINCIPALS):
            yield Violation(
                resource=mentioned.holder,
                path=mentioned.path,
                found=f"account {arn.account} in {mentioned.text}",
                wanted=f"account {graph.account}",
            )
        elif modelled and arn.region not in regions:
            yield Violation(
                resource=mentioned.holder,
                path=mentioned.path,
                found=f"region {arn.region} in {mentioned.text}",
                wanted=f"region {' or '.join(filter(None, regions))}",
            )


CONTROL = Control(
    id="stack-own-account",
    title="The program names resources of one account and region",
    why="An ARN of another account or region is a slip of copying, or a way out for data.",
    severity=Severity.HIGH,
    fix="Correct the ARN, or name the account or region in the parameters.",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html",
    ),
    judges=(tokens.STACK,),
    reads={"*": ("*",)},
    check=_check,
    parameters=(
        Parameter(
            name="accounts",
            default=[],
            schema={"type": "array", "items": {"type": "string", "pattern": r"^\d{12}$"}},
            why="Other accounts that the program may name.",
        ),
        Parameter(
            name="regions",
            default=[],
            schema={"type": "array", "items": {"type": "string"}},
            why="Other regions that the program may name.",
        ),
    ),
)
