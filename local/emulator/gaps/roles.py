from local.emulator.gaps.judging import permitted
from local.emulator.judge import Request


def allows(role_arn: str, action: str, resource: str) -> bool:
    """Whether a role's own policies let it do `action` on `resource`, with no further context.

    For what AWS does in a role's name without a request that the emulator could judge.
    """
    return permitted(Request(principal=role_arn, action=action, resource=resource))
