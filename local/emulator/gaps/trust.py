"""Roles that a service of AWS assumes: the emulator knows no service as a caller, only root.

Who stands in for a service is root and names the resource it acts for in `ExternalId`; a trust
policy then meets the keys that AWS gives with a service's call:
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

from collections.abc import Callable
from dataclasses import replace

from ministack.core import iam_evaluator

from local.emulator.gaps.seam import Untyped, wrap


def close() -> None:
    """Give trust policies `aws:SourceArn` and `aws:SourceAccount`."""
    wrap(iam_evaluator, "evaluate_trust_policy", _with_source)


def _with_source(original: Callable[..., bool]) -> Callable[..., bool]:
    def evaluate(document: Untyped, caller: str, context: Untyped = None) -> bool:
        source = str(context.service_context.get("sts:externalid")) if context else ""
        if source.startswith("arn:") and caller.endswith(":root"):
            keys = {"aws:sourcearn": source, "aws:sourceaccount": source.split(":")[4]}
            given = context.service_context | keys | {"sts:externalid": None}
            context = replace(context, service_context=given)
        return original(document, caller, context)

    return evaluate
