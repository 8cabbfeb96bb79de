"""A function from an image, with its own role, its own log group and nothing to share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.encryption import Foundation
from components.grants import Grant, role_policy, trust_policy
from components.images import ServiceImage
from components.names import Names
from components.stage import Component

ARCHITECTURES = {"amd64": "x86_64", "arm64": "arm64"}
LAMBDA_LOG_LEVELS = {"DEBUG": "DEBUG", "INFO": "INFO", "WARNING": "INFO", "ERROR": "INFO"}
"""What Lambda lets through at a level of ours: INFO always, and the handlers' logger does the rest.

Lambda takes a line without a level for INFO: every metric, and a crash as the runtime tells it.
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
https://github.com/aws/aws-lambda-python-runtime-interface-client/issues/202
"""


def telemetry_grants(names: Names, service: str) -> tuple[Grant, ...]:
    """What Lambda does under a function's role to deliver its logs and traces."""
    return (
        Grant(
            actions=("logs:CreateLogStream", "logs:PutLogEvents"),
            resources=(names.arn("logs", f"log-group:{names.log_group(service)}:*"),),
            why="Lambda writes the function's logs into its own group",
        ),
        Grant(
            actions=("xray:PutTraceSegments", "xray:PutTelemetryRecords"),
            resources=("*",),
            why="Lambda sends traces; X-Ray has no resource for them",
        ),
    )


@dataclass(frozen=True, kw_only=True)
class FunctionProps:
    """What a function is like; memory in MB, timeout in seconds."""

    description: str
    memory: int
    timeout: int
    environment: Mapping[str, pulumi.Input[str]]
    grants: Sequence[Grant]
    depends_on: Sequence[pulumi.Resource] = ()


class ContainerFunction(Component):
    """One function and all that is its own."""

    def __init__(
        self,
        name: str,
        base: Foundation,
        props: FunctionProps,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        grants = [*telemetry_grants(base.names, name), *props.grants]
        inputs = {
            "memory": props.memory,
            "timeout": props.timeout,
            "roleName": base.names.of(name),
            "grants": [grant.as_input() for grant in grants],
        }
        super().__init__(name, base.stage, inputs, opts)
        self.arn = base.names.function_arn(name)
        self.function_name = base.names.of(name)
        image = ServiceImage(name, base, self.child())
        role, policy = self._role(name, base, grants)
        log_group = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            name=base.names.log_group(name),
            retention_in_days=base.settings.log_retention_days,
            kms_key_id=base.key.arn,
            opts=self.child(),
        )
        self.function = aws.lambda_.Function(
            f"{name}-function",
            name=self.function_name,
            description=props.description,
            package_type="Image",
            image_uri=image.uri,
            architectures=[ARCHITECTURES[base.settings.architecture]],
            role=base.names.role_arn(name),
            memory_size=props.memory,
            timeout=props.timeout,
            environment={
                "variables": {
                    "ENVIRONMENT": base.settings.stack,
                    "SERVICE": name,
                    "POWERTOOLS_SERVICE_NAME": name,
                    "LOG_LEVEL": base.settings.log_level,
                    **props.environment,
                }
            },
            kms_key_arn=base.key.arn,
            tracing_config={"mode": "Active"},
            logging_config={
                "log_format": "JSON",
                "application_log_level": LAMBDA_LOG_LEVELS[base.settings.log_level],
                "system_log_level": "INFO",
                "log_group": base.names.log_group(name),
            },
            opts=self.child(image, role, policy, log_group, *props.depends_on),
        )
        self.register_outputs({"arn": self.arn})

    def _role(
        self, name: str, base: Foundation, grants: Sequence[Grant]
    ) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        role = aws.iam.Role(
            f"{name}-role",
            name=base.names.of(name),
            description=f"What the function {base.names.of(name)} may do",
            assume_role_policy=trust_policy("lambda.amazonaws.com"),
            opts=self.child(),
        )
        policy = aws.iam.RolePolicy(
            f"{name}-policy",
            name="grants",
            role=base.names.of(name),
            policy=role_policy(grants),
            opts=self.child(role),
        )
        return role, policy
