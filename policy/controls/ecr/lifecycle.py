from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource
from policy.values import list_of, mapping_of

_BY_NUMBER: Final = "imageCountMoreThan"
_BY_AGE: Final = ("sinceImagePushed", "sinceImagePulled")
_ARCHIVED: Final = "sinceImageTransitioned"


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
    by = selection.get("countType")
    acts = mapping_of(entry.get("action")).get("type") in ("expire", "transition")
    tagged = selection.get("tagStatus") in ("any", "tagged", "untagged")
    priority = entry.get("rulePriority")
    if not (acts and tagged and isinstance(priority, int)):
        yield Violation(
            resource=policy,
            path="policy",
            found="a rule without rulePriority, tagStatus or an action",
            wanted="a rule that ECR takes",
        )
    if by not in (_BY_NUMBER, *_BY_AGE, _ARCHIVED):
        yield Violation(
            resource=policy,
            path="policy",
            found=f"countType {by}",
            wanted=", ".join((_BY_NUMBER, *_BY_AGE, _ARCHIVED)),
        )
    if selection.get("tagStatus") == "any" and by in _BY_AGE:
        yield Violation(
            resource=policy,
            path="policy",
            found=f"every image by age ({by}), the one that runs too",
            wanted=f"{_BY_NUMBER}, {keep:g} or more",
        )
    elif selection.get("tagStatus") == "any" and by == _BY_NUMBER and kept < keep:
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
        "https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html",
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
