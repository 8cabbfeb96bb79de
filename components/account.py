"""The account check: nothing is made with the credentials of another account."""

import pulumi_aws as aws

from components.errors import WrongAccountError


def confirm_account(expected: str) -> None:
    """Compare the account of the credentials with the one that the stack names.

    Raises:
        WrongAccountError: If they differ.
    """
    found = aws.get_caller_identity().account_id
    if found != expected:
        raise WrongAccountError(expected, found)
