from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.documents import allowing, read
from policy.iam.scope import unbounded
from policy.resource import Resource


def _check(role: Resource, context: Context) -> Judgement:
    asking = context.words("services")
    for statement in allowing(read(role, "assumeRolePolicy")):
        services = statement.services() if statement.lets_in(asking) else ()
        own = context.graph.account
        accounts = {
            value for item in statement.condition("aws:SourceAccount") for value in item.values
        }
        if services and accounts and own is not None and own not in accounts:
            yield Violation(
                path=f"assumeRolePolicy.{statement.at}",
                found=f"source account {', '.join(sorted(accounts))}",
                wanted=f"source account {own}",
            )
        arns = [
            value
            for item in statement.naming("aws:SourceArn")
            if not item.leaves_account_open
            for value in item.values
        ]
        by_organisation = statement.bound_by("aws:SourceOrgID")
        if services and not by_organisation and (not arns or any(map(unbounded, arns))):
            yield Violation(
                path=f"assumeRolePolicy.{statement.at}",
                found=f"{', '.join(sorted(services))} acts for any account",
                wanted="a condition on aws:SourceArn with a name in it",
            )


CONTROL = Control(
    id="iam-trust-service",
    title="A role that a service takes on for others is tied to their source",
    why="Anybody's schedule or rule could name the role (confused deputy).",
    severity=Severity.HIGH,
    fix="Add aws:SourceAccount, and aws:SourceArn as the service's page says.",
    sources=(
        "https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ),
    judges=(tokens.ROLE,),
    reads={tokens.ROLE: ("assumeRolePolicy",)},
    check=_check,
    parameters=(
        Parameter(
            name="services",
            default=[
                "scheduler.amazonaws.com",
                "pipes.amazonaws.com",
                "states.amazonaws.com",
                "sns.amazonaws.com",
                "cloudformation.amazonaws.com",
            ],
            schema={"type": "array", "items": {"type": "string"}},
            why="Services whose pages name these conditions; lambda.amazonaws.com has none.",
        ),
    ),
)
