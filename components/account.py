"""The account check: nothing is made with the credentials of another account."""

import pulumi_aws as aws

from components.errors import NoAccountError, WrongAccountError


def confirm_account(expected: str) -> None:
    """Compare the account of the credentials with the one that the stack names.

    Raises:
        NoAccountError: If there are no credentials, or none that AWS takes.
        WrongAccountError: If they differ.
    """
    try:
        found = aws.get_caller_identity().account_id
    except Exception as error:
        # The SDK has no error of its own for a function of a provider that fails.
        raise NoAccountError(expected, str(error).rpartition("returned an error: ")[2]) from error
    if found != expected:
        raise WrongAccountError(expected, found)
