"""The permissions boundary, on every role of the stack, from one place."""

import pulumi
import pulumi_aws as aws

from components.names import PROJECT

BOUNDARY = f"{PROJECT}-boundary"
"""A managed policy that the bootstrap program makes, once for each account."""


def boundary_arn(account: str) -> str:
    """The ARN of the account's boundary."""
    return f"arn:aws:iam::{account}:policy/{BOUNDARY}"


def bound_every_role(account: str) -> None:
    """Put every role that is made from here on under the boundary.

    The pipeline's roles may make no other: else a changed program could grant itself anything.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """

    def transformation(
        args: pulumi.ResourceTransformationArgs,
    ) -> pulumi.ResourceTransformationResult | None:
        if not isinstance(args.resource, aws.iam.Role):
            return None
        props = {**(args.props or {}), "permissions_boundary": boundary_arn(account)}
        return pulumi.ResourceTransformationResult(props, args.opts)

    pulumi.runtime.register_stack_transformation(transformation)
