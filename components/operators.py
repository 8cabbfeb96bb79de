"""The operator's role: commands on the control topic, and reading what there is to see."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.encryption import key_grants
from components.grants import Grant, document, only_keys, role_policy
from components.names import MANAGER, Names
from components.services import Service
from components.stage import Component, Stage


def operator_identities(stage: Stage) -> list[str]:
    """Who may publish commands: the operator's role and those who may take it on."""
    principals = list(stage.settings.operator_principals)
    return [stage.names.role_arn("operator"), *principals] if principals else []


def operator_grants(names: Names, services: Sequence[Service]) -> tuple[Grant, ...]:
    """What an operator may do."""
    queues = [queue for service in services for queue in _queues(names, service.name)]
    unrouted = names.queue_arn(names.queue("unrouted"))
    return (
        Grant(
            actions=("sns:Publish",),
            resources=(names.topic_arn(names.control_topic),),
            why="Commands to the manager",
        ),
        Grant(
            actions=("dynamodb:GetItem", "dynamodb:Query"),
            resources=(names.table_arn(names.circuit_table),),
            conditions=only_keys("StringEquals", *(service.name for service in services)),
            why="The circuits and their histories",
        ),
        Grant(
            actions=("sqs:GetQueueAttributes",),
            resources=(*queues, unrouted),
            why="Depths",
        ),
        Grant(
            actions=("sqs:GetQueueUrl",),
            resources=(unrouted,),
            why="Depths; the URLs of the services' queues come from the manager",
        ),
        Grant(
            actions=("lambda:GetFunctionConfiguration",),
            resources=(names.function_arn(MANAGER),),
            why="The list of services, which the manager holds",
        ),
        Grant(
            actions=("lambda:GetEventSourceMapping",),
            resources=(names.arn("lambda", "event-source-mapping:*"),),
            conditions={
                "ArnEquals": {"lambda:FunctionArn": [names.function_arn(s.name) for s in services]}
            },
            why="Whether a subscription is as its circuit wants it",
        ),
        Grant(
            actions=("cloudwatch:DescribeAlarms",),
            resources=(names.alarm_arn("*"),),
            why="The stack's alarms; a list by prefix is judged on all alarms",
        ),
        Grant(
            actions=("cloudwatch:GetMetricData",),
            resources=("*",),
            why="Ages and rates; CloudWatch has no resource for metrics",
        ),
        Grant(
            actions=("logs:FilterLogEvents",),
            resources=tuple(
                names.arn("logs", f"log-group:{names.log_group(s.name)}:*") for s in services
            ),
            why="A customer's journey, and the reasons of dead letters",
        ),
        *key_grants(names, reads=("dynamodb", "lambda"), writes=("sns",)),
    )


class OperatorRole(Component):
    """A role that named principals of the settings may take on."""

    def __init__(self, name: str, stage: Stage, opts: pulumi.ResourceOptions | None = None) -> None:
        names = stage.names
        grants = operator_grants(names, stage.services)
        principals = list(stage.settings.operator_principals)
        inputs = {
            "principals": principals,
            "roleName": names.of("operator"),
            "grants": [grant.as_input() for grant in grants],
        }
        super().__init__(name, stage, inputs, opts)
        trust = {"Effect": "Allow", "Principal": {"AWS": principals}, "Action": "sts:AssumeRole"}
        role = aws.iam.Role(
            f"{name}-role",
            name=names.of("operator"),
            description="Steers the services and reads their state",
            assume_role_policy=document([trust]),
            opts=self.child(),
        )
        aws.iam.RolePolicy(
            f"{name}-policy",
            name="grants",
            role=names.of("operator"),
            policy=role_policy(grants),
            opts=self.child(role),
        )
        self.register_outputs({"arn": names.role_arn("operator")})


def _queues(names: Names, what: str) -> tuple[str, ...]:
    kinds = (names.queue(what), names.dead_letter_queue(what))
    return tuple(names.queue_arn(name) for name in kinds)
