"""A function under its role, and the ways to it."""

import json

import pulumi
import pulumi_aws as aws
import pulumi_docker as docker

from tests.integration.local.resources.project.documents import Place, document, trust
from tests.integration.local.resources.project.messaging import Queues


def make_role(place: Place, key: aws.kms.Key) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
    role = aws.iam.Role(
        "role",
        name="role",
        assume_role_policy=trust("lambda.amazonaws.com"),
        tags={"Role": "worker"},
    )
    aws.iam.Policy("boundary", name="boundary", policy=document("sqs:*", "*"))
    rights = aws.iam.RolePolicy(
        "rights",
        role=role.name,
        policy=aws.iam.get_policy_document_output(
            statements=[
                aws.iam.GetPolicyDocumentStatementArgs(
                    actions=["sqs:*"], resources=[place.arn("sqs", "queue.fifo")]
                ),
                aws.iam.GetPolicyDocumentStatementArgs(
                    actions=["kms:Decrypt"],
                    resources=[key.arn],  # pyright: ignore[reportArgumentType] - an output is taken too
                ),
            ]
        ).json,
    )
    aws.iam.OpenIdConnectProvider(
        "issuer",
        url="https://token.actions.githubusercontent.com",
        client_id_lists=["sts.amazonaws.com"],
        thumbprint_lists=["6938fd4d98bab03faadb97b34396831e3780aea1"],
    )
    return role, rights


def make_function(
    image: docker.Image,
    role: aws.iam.Role,
    rights: aws.iam.RolePolicy,
    log_group: aws.cloudwatch.LogGroup,
    timeout: int,
) -> aws.lambda_.Function:
    return aws.lambda_.Function(
        "function",
        name="function",
        package_type="Image",
        image_uri=image.repo_digest,
        role=role.arn,
        timeout=timeout,
        memory_size=256,
        architectures=["x86_64"],
        environment={"variables": {"SERVICE": "one"}},
        tracing_config={"mode": "Active"},
        logging_config={"log_format": "JSON", "log_group": log_group.name},
        opts=pulumi.ResourceOptions(depends_on=[rights, log_group]),
    )


def make_ways(function: aws.lambda_.Function, queues: Queues, topic: aws.sns.Topic) -> None:
    """A mapping, a permission, and where what no turn took is sent."""
    aws.lambda_.EventSourceMapping(
        "mapping",
        event_source_arn=queues.queue.arn,
        function_name=function.name,
        batch_size=10,
        function_response_types=["ReportBatchItemFailures"],
        scaling_config={"maximum_concurrency": 5},
        opts=pulumi.ResourceOptions(ignore_changes=["enabled", "scalingConfig"]),
    )
    aws.lambda_.Permission(
        "permission",
        statement_id="topic",
        action="lambda:InvokeFunction",
        function=function.name,
        principal="sns.amazonaws.com",
        source_arn=topic.arn,
    )
    aws.lambda_.FunctionEventInvokeConfig(
        "asynchronous",
        function_name=function.name,
        maximum_retry_attempts=1,
        destination_config={"on_failure": {"destination": queues.plain_dead.arn}},
    )


def make_schedule(function: aws.lambda_.Function, role: aws.iam.Role) -> None:
    group = aws.scheduler.ScheduleGroup("schedules", name="everything")
    aws.scheduler.Schedule(
        "schedule",
        name="turn",
        group_name=group.name,
        schedule_expression="rate(1 minute)",
        flexible_time_window={"mode": "OFF"},
        target={"arn": function.arn, "role_arn": role.arn, "input": json.dumps({"action": "turn"})},
    )
