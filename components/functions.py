"""A function from an image, with its own role, its own log group and nothing to share."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.encryption import EncryptionKey
from components.grants import Grant, role_policy, trust_policy
from components.images import ServiceImage
from components.names import Names
from components.stage import Component, Stage

ARCHITECTURES = {"amd64": "x86_64", "arm64": "arm64"}
LAMBDA_LOG_LEVELS = {"DEBUG": "DEBUG", "INFO": "INFO", "WARNING": "WARN", "ERROR": "ERROR"}


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


class ContainerFunction(Component):
    """One function and all that is its own."""

    def __init__(
        self,
        name: str,
        stage: Stage,
        key: EncryptionKey,
        *,
        description: str,
        memory: int,
        timeout: int,
        environment: Mapping[str, pulumi.Input[str]],
        grants: Sequence[Grant],
        depends_on: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        names, settings = stage.names, stage.settings
        all_grants = [*telemetry_grants(names, name), *grants]
        inputs = {
            "memory": memory,
            "timeout": timeout,
            "grants": [grant.as_input() for grant in all_grants],
        }
        super().__init__(name, stage, inputs, opts)
        self.arn = names.function_arn(name)
        self.function_name = names.of(name)
        directory = name.replace("-", "_")
        self.image = ServiceImage(name, stage, key, directory=directory, opts=self.child())
        self.role = aws.iam.Role(
            f"{name}-role",
            name=names.of(name),
            description=f"What the function {names.of(name)} may do",
            assume_role_policy=trust_policy("lambda.amazonaws.com"),
            opts=self.child(),
        )
        policy = aws.iam.RolePolicy(
            f"{name}-policy",
            name="grants",
            role=names.of(name),
            policy=role_policy(all_grants),
            opts=self.child(self.role),
        )
        self.log_group = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            name=names.log_group(name),
            retention_in_days=settings.log_retention_days,
            kms_key_id=key.arn,
            opts=self.child(),
        )
        self.function = aws.lambda_.Function(
            f"{name}-function",
            name=self.function_name,
            description=description,
            package_type="Image",
            image_uri=self.image.uri,
            architectures=[ARCHITECTURES[settings.architecture]],
            role=names.role_arn(name),
            memory_size=memory,
            timeout=timeout,
            environment={
                "variables": {
                    "ENVIRONMENT": settings.stack,
                    "SERVICE": name,
                    "POWERTOOLS_SERVICE_NAME": name,
                    "LOG_LEVEL": settings.log_level,
                    **environment,
                }
            },
            kms_key_arn=key.arn,
            tracing_config={"mode": "Active"},
            logging_config={
                "log_format": "JSON",
                "application_log_level": LAMBDA_LOG_LEVELS[settings.log_level],
                "system_log_level": "INFO",
                "log_group": names.log_group(name),
            },
            opts=self.child(self.role, policy, self.log_group, *depends_on),
        )
        self.register_outputs({"arn": self.arn})
