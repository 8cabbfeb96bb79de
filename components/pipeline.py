"""GitHub's way into the account without a key: one identity provider, two roles per stack.

A stack is two environments of the repository: its own name, which deploys, and `preview-` before
it, which looks. The rules of an environment guard its role.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import pulumi
import pulumi_aws as aws

from components.boundary import boundary_arn, boundary_grants
from components.errors import SettingsError, Violation
from components.grants import Grant, document, role_policy
from components.names import PROJECT, Names
from components.pipeline_grants import deploying_grants, reading_grants, state_grants
from components.settings import StackName

ISSUER = "token.actions.githubusercontent.com"
SESSION = 3600
"""Seconds that a deployment may use its credentials."""

REPOSITORY = re.compile(r"[\w.-]+(@\d+)?/[\w.-]+(?(1)@\d+)")
"""Owner and name, each with its number or both without."""

ITSELF = "pipeline"
"""A stack of this name would have the names of the roles below."""


@dataclass(frozen=True, kw_only=True)
class PipelineProps:
    """Who may deploy what.

    Attributes:
        repository: As GitHub's tokens name it: `owner@number/name@number`, or `owner/name` of one
            that was made before July 15, 2026 and has not been moved to numbers.
        stacks: Those that this account holds; each is two environments of the repository.
        state_bucket: Bucket of the Pulumi state; empty where Pulumi Cloud keeps it.
        state_key: ARN of the key that the state's secrets are encrypted with; empty as above.
        knows_github: Whether the account has GitHub's identity provider already; it takes only one.
    """

    account: str
    region: str
    repository: str
    stacks: tuple[str, ...]
    state_bucket: str = ""
    state_key: str = ""
    knows_github: bool = False

    def __post_init__(self) -> None:
        """Refuse a repository that no token can name, and stacks that the program would not run.

        Raises:
            SettingsError: With the form that each must have.
        """
        if violations := list(self._violations()):
            raise SettingsError(violations)

    def _violations(self) -> Iterator[Violation]:
        if not REPOSITORY.fullmatch(self.repository):
            rule = "it must be owner@number/name@number, or owner/name of an older repository"
            yield Violation(key="repository", value=self.repository, rule=rule)
        for stack in self.stacks:
            try:
                msgspec.convert(stack, StackName)
            except msgspec.ValidationError as error:
                yield Violation(key="stacks", value=stack, rule=str(error))
            if stack == ITSELF:
                rule = "its roles would have the names of the pipelines' own"
                yield Violation(key="stacks", value=stack, rule=rule)


def preview_of(stack: str) -> str:
    """The environment whose jobs look at a stack and change nothing."""
    return f"preview-{stack}"


class Pipeline(pulumi.ComponentResource):
    """The identity provider, and for each stack a boundary and two roles: to look, and to make."""

    def __init__(
        self, name: str, props: PipelineProps, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        self._props, self._name = props, name
        self._roles = dict(self._role_grants())
        inputs = {
            "repository": props.repository,
            "roles": {role: [g.as_input() for g in grants] for role, grants in self._roles.items()},
        }
        super().__init__(f"{PROJECT}:index:Pipeline", name, inputs, opts)
        child = pulumi.ResourceOptions(parent=self)
        provider = self._github(child)
        boundaries = [self._boundary(self._names(stack), child) for stack in props.stacks]
        depends = pulumi.ResourceOptions(parent=self, depends_on=[*provider, *boundaries])
        self.arns = {
            environment: self._role(environment, grants, depends)
            for environment, grants in self._roles.items()
        }
        self.register_outputs({"roles": self.arns})

    def _github(self, opts: pulumi.ResourceOptions) -> list[aws.iam.OpenIdConnectProvider]:
        if self._props.knows_github:
            return []
        return [
            aws.iam.OpenIdConnectProvider(
                f"{self._name}-github",
                url=f"https://{ISSUER}",
                client_id_lists=["sts.amazonaws.com"],
                opts=opts,
            )
        ]

    def _boundary(self, names: Names, opts: pulumi.ResourceOptions) -> aws.iam.Policy:
        return aws.iam.Policy(
            f"{self._name}-{names.stack}-boundary",
            name=names.boundary,
            description=f"The most that any role of the stack {names.stack} may do",
            policy=role_policy(boundary_grants(names)),
            opts=opts,
        )

    def _role_grants(self) -> Iterator[tuple[str, tuple[Grant, ...]]]:
        for stack in self._props.stacks:
            names = self._names(stack)
            yield preview_of(stack), (*reading_grants(names), *self._state(stack))
            makes = deploying_grants(names, boundary_arn(names))
            yield stack, (*makes, *self._state(stack, writes=True))

    def _names(self, stack: str) -> Names:
        return Names(stack=stack, account=self._props.account, region=self._props.region)

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}::{self._props.account}:{resource}"

    def _state(self, stack: str, *, writes: bool = False) -> tuple[Grant, ...]:
        if not self._props.state_bucket:
            return ()
        return state_grants(stack, self._props.state_bucket, self._props.state_key, writes=writes)

    def _role(self, environment: str, grants: Sequence[Grant], opts: pulumi.ResourceOptions) -> str:
        role_name = f"{PROJECT}-{ITSELF}-{environment}"
        role = aws.iam.Role(
            f"{self._name}-{environment}",
            name=role_name,
            description=f"GitHub's jobs of the environment {environment}",
            assume_role_policy=self._trust(environment),
            max_session_duration=SESSION,
            opts=opts,
        )
        aws.iam.RolePolicy(
            f"{self._name}-{environment}-policy",
            name="grants",
            role=role_name,
            policy=role_policy(grants),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[role]),
        )
        return self._arn("iam", f"role/{role_name}")

    def _trust(self, environment: str) -> str:
        """One repository, one environment: its reviewers and branch rules guard the role.

        https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
        https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
        """
        statement: dict[str, Any] = {
            "Effect": "Allow",
            "Principal": {"Federated": self._arn("iam", f"oidc-provider/{ISSUER}")},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {
                    f"{ISSUER}:aud": "sts.amazonaws.com",
                    f"{ISSUER}:sub": f"repo:{self._props.repository}:environment:{environment}",
                }
            },
        }
        return document([statement])
