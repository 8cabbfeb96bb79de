"""`python -m tools.login`: a GitHub job into Pulumi Cloud by the job's own identity, without a key.

GitHub signs a token for the job (its permission `id-token: write`); Pulumi Cloud takes it in
exchange for one that is good for an hour, as its issuer's policy for the organization says.
https://www.pulumi.com/docs/administration/guides/oidc-issuers/github/
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

import urllib3

TIMEOUT = 10
"""Seconds, for each of three tries."""

LIFETIME = "1h"


class LoginError(Exception):
    """The job cannot log in; the text says why."""


def main() -> None:
    """Log in, and say so in the engine's words."""
    try:
        log_in(os.environ)
    except LoginError as error:
        sys.exit(f"make login: {error}")


def log_in(environment: Mapping[str, str]) -> None:
    """Exchange the job's token for one of Pulumi Cloud's, which the engine keeps for later steps.

    Raises:
        LoginError: This is no job with a token, or GitHub or Pulumi Cloud refused.
    """
    organization = environment.get("PULUMI_ORGANIZATION")
    if not organization:
        raise LoginError("PULUMI_ORGANIZATION is missing; it must name the organization")
    with tempfile.NamedTemporaryFile("w", suffix=".jwt") as file:
        file.write(identity(environment, audience=f"urn:pulumi:org:{organization}"))
        file.flush()
        # In a file, because a command's arguments can be read by every process.
        token = f"file://{Path(file.name)}"
        options = ("--oidc-token", token, "--oidc-org", organization, "--oidc-expiration", LIFETIME)
        command = ("pulumi", "login", "--default-org", organization, *options)
        if subprocess.run(command, check=False).returncode != 0:
            raise LoginError("the engine could not log in: its message is above")


def identity(environment: Mapping[str, str], audience: str) -> str:
    """A token in which GitHub says whose job this is, for one audience.

    https://docs.github.com/en/actions/reference/security/oidc

    Raises:
        LoginError: The job may not ask for one, or GitHub refused.
    """
    try:
        address = environment["ACTIONS_ID_TOKEN_REQUEST_URL"]
        key = environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]
    except KeyError as missing:
        raise LoginError(
            f"{missing} is missing: not a GitHub job with `id-token: write`"
        ) from missing
    try:
        answer = urllib3.request(
            "GET",
            f"{address}&{urlencode({'audience': audience})}",
            headers={"Authorization": f"Bearer {key}"},
            timeout=TIMEOUT,
        )
    except urllib3.exceptions.HTTPError as error:
        raise LoginError(f"GitHub does not answer: {error}") from error
    if answer.status != 200:  # noqa: PLR2004 - HTTP's OK
        raise LoginError(f"GitHub refused a token: {answer.status}")
    return answer.json()["value"]


if __name__ == "__main__":
    main()
