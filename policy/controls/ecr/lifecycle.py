from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource
from policy.values import list_of, mapping_of


def _check(repository: Resource, context: Context) -> Judgement:
    policies = context.graph.pointing(
        tokens.REPOSITORY_LIFECYCLE, "repository", repository, wanted=True
    )
    if not policies:
        yield Violation(path="name", found="no lifecycle policy", wanted="one")
    for policy in policies:
        rules = (policy.document("policy") or {}).get("rules")
        listed = list_of(rules)
        if not listed:
            yield Violation(resource=policy, path="policy", found="no rules", wanted="a rule")
        for rule in listed:
            yield from _keeps_enough(policy, rule, context.number("keep"))


def _keeps_enough(policy: Resource, rule: object, keep: float) -> Judgement:
    entry = mapping_of(rule)
    selection = mapping_of(entry.get("selection"))
    count = selection.get("countNumber")
    kept = count if isinstance(count, int | float) else 0
    expires = mapping_of(entry.get("action")).get("type") == "expire"
    tagged = selection.get("tagStatus") in ("any", "tagged", "untagged")
    priority = entry.get("rulePriority")
    if not (expires and tagged and isinstance(priority, int)):
        yield Violation(
            resource=policy,
            path="policy",
            found="a rule without rulePriority, tagStatus or the action expire",
            wanted="a rule that ECR takes",
        )
    if selection.get("countType") not in ("imageCountMoreThan", "sinceImagePushed"):
        yield Violation(
            resource=policy,
            path="policy",
            found=f"countType {selection.get('countType')}",
            wanted="imageCountMoreThan or sinceImagePushed",
        )
    if selection.get("tagStatus") == "any" and kept < keep:
        yield Violation(
            resource=policy,
            path="policy",
            found=f"keeps {kept:g} images",
            wanted=f"at least {keep:g}, so that a rollback finds its image",
        )


CONTROL = Control(
    id="ecr-lifecycle",
    title="A repository forgets old images, and keeps enough to roll back",
    why="Without a policy it grows for ever; with a greedy one the function's own image goes.",
    severity=Severity.MEDIUM,
    fix="Add a lifecycle policy that keeps the newest images.",
    sources=(
        "FSBP ECR.3",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/ecr-controls.html",
    ),
    judges=(tokens.REPOSITORY,),
    reads={
        tokens.REPOSITORY: ("name",),
        tokens.REPOSITORY_LIFECYCLE: ("policy", "repository"),
    },
    check=_check,
    parameters=(
        Parameter(
            name="keep",
            default=3,
            schema={"type": "integer", "minimum": 1},
            why="The fewest images to keep for a rollback.",
        ),
    ),
)
