"""GitHub's way into the account without a key: one identity provider, one role per environment."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.boundary import BOUNDARY, boundary_arn
from components.grants import POLICY_VERSION, Grant, role_policy
from components.names import PROJECT, Names
from components.pipeline_grants import boundary_grants, deploying_grants, reading_grants

ISSUER = "token.actions.githubusercontent.com"
PREVIEW = "preview"
SESSION = 3600
"""Seconds that a deployment may use its credentials."""


@dataclass(frozen=True, kw_only=True)
class PipelineProps:
    """Who may deploy what.

    Attributes:
        repository: `owner/name` on GitHub.
        stacks: Those that this account holds; each is an environment of the repository too.
        state_bucket: Bucket of the Pulumi state; empty where Pulumi Cloud keeps it.
        state_key: ARN of the key that the state's secrets are encrypted with; empty as above.
    """

    account: str
    region: str
    repository: str
    stacks: tuple[str, ...]
    state_bucket: str = ""
    state_key: str = ""


class Pipeline(pulumi.ComponentResource):
    """The identity provider, the boundary, a preview role that only reads, a role per stack."""

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
        provider = aws.iam.OpenIdConnectProvider(
            f"{name}-github",
            url=f"https://{ISSUER}",
            client_id_lists=["sts.amazonaws.com"],
            opts=child,
        )
        boundary = aws.iam.Policy(
            f"{name}-boundary",
            name=BOUNDARY,
            description="The most that any role of a stack may do",
            policy=role_policy(boundary_grants(self._names("*"))),
            opts=child,
        )
        depends = pulumi.ResourceOptions(parent=self, depends_on=[provider, boundary])
        self.arns = {
            environment: self._role(environment, grants, depends)
            for environment, grants in self._roles.items()
        }
        self.register_outputs({"roles": self.arns})

    def _role_grants(self) -> Sequence[tuple[str, tuple[Grant, ...]]]:
        stacks = {stack: self._names(stack) for stack in self._props.stacks}
        boundary = boundary_arn(self._props.account)
        return [
            (PREVIEW, (*reading_grants(self._names("*")), *self._state("s3:GetObject"))),
            *(
                (
                    stack,
                    (
                        *deploying_grants(names, boundary),
                        *self._state("s3:GetObject", "s3:PutObject", "s3:DeleteObject"),
                    ),
                )
                for stack, names in stacks.items()
            ),
        ]

    def _names(self, stack: str) -> Names:
        return Names(stack=stack, account=self._props.account, region=self._props.region)

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}::{self._props.account}:{resource}"

    def _state(self, *actions: str) -> tuple[Grant, ...]:
        bucket, key = self._props.state_bucket, self._props.state_key
        if not bucket:
            return ()
        return (
            Grant(
                actions=actions, resources=(f"arn:aws:s3:::{bucket}/*",), why="The stack's state"
            ),
            Grant(
                actions=("s3:ListBucket",), resources=(f"arn:aws:s3:::{bucket}",), why="The same"
            ),
            Grant(
                actions=("kms:Decrypt", "kms:Encrypt"), resources=(key,), why="The state's secrets"
            ),
        )

    def _role(self, environment: str, grants: Sequence[Grant], opts: pulumi.ResourceOptions) -> str:
        role_name = f"{PROJECT}-pipeline-{environment}"
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

        https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-amazon-web-services
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
        return json.dumps({"Version": POLICY_VERSION, "Statement": [statement]})
