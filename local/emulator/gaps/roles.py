from typing import Any

from ministack.core import iam_evaluator

from local.emulator.gaps.seam import private


def allows(role_arn: str, action: str, resource: str) -> bool:
    """Whether a role's own policies let it do `action` on `resource`, with no further context.

    For what AWS does in a role's name without a request that the emulator could judge.
    """
    _, _, _, region, account, _ = resource.split(":", 5)
    name = role_arn.rsplit("/", 1)[-1]
    policies: list[Any] = private(iam_evaluator, "_gather_role_policies")(name, account)
    context = iam_evaluator.EvalContext(
        principal_arn=role_arn,
        principal_type="AssumedRole",
        principal_account=account,
        action=action,
        resource_arn=resource,
        region=region,
        secure_transport=True,
    )
    return iam_evaluator.evaluate(context, policies).decision == "Allow"
