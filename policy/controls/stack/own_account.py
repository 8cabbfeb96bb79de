from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource

_DIGITS: Final = 12


def _check(root: Resource, context: Context) -> Judgement:
    del root
    graph = context.graph
    account, region = graph.account, graph.region
    trusted = context.words("accounts")
    for mentioned in graph.mentioned:
        thing = mentioned.thing
        foreign = thing.account and thing.account not in (account, "aws", *trusted)
        elsewhere = thing.region and thing.region not in (region, "*")
        if foreign and "*" not in thing.account:
            yield Violation(
                resource=mentioned.holder,
                path=mentioned.path,
                found=f"account {thing.account} in {mentioned.text}",
                wanted=f"account {account}",
            )
        elif elsewhere and not context.words("regions"):
            yield Violation(
                resource=mentioned.holder,
                path=mentioned.path,
                found=f"region {thing.region} in {mentioned.text}",
                wanted=f"region {region}",
            )
        elif elsewhere and thing.region not in context.words("regions"):
            yield Violation(
                resource=mentioned.holder,
                path=mentioned.path,
                found=f"region {thing.region} in {mentioned.text}",
                wanted=f"one of {', '.join(context.words('regions'))}",
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
