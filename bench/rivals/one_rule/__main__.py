"""The smallest pack there is: one rule, the SDK's own way."""

from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)

QUEUE = "aws:sqs/queue:Queue"


def encrypted(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
    """A queue has a key."""
    if args.resource_type == QUEUE and "kmsMasterKeyId" not in set(args.props):
        report_violation("no key", None)


if __name__ == "__main__":
    PolicyPack(
        "one-rule",
        [ResourceValidationPolicy("encrypted", "A queue is encrypted", encrypted)],
        enforcement_level=EnforcementLevel.MANDATORY,
    )
