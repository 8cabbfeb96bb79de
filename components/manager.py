"""The subscription manager: the one that pauses, probes and resumes the services' mappings."""

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.backbone import Backbone
from components.encryption import Foundation
from components.functions import ContainerFunction, FunctionProps
from components.grants import role_policy, trust_policy
from components.managed import managed_functions
from components.manager_grants import manager_grants, reconcile_grants
from components.names import MANAGER, Names
from components.queues import QueueProps, SecureQueue, redrive_allow_policy
from components.stage import Component
from components.topics import ControlTopic
from components.workers import QueueWorker, circuit_rules

COMMAND_LIFETIME = 900
"""Seconds after which a command is stale; trying longer to deliver one would be in vain."""

RECONCILE_RATE = "rate(1 minute)"
"""The shortest that EventBridge Scheduler knows."""


class SubscriptionManager(Component):
    """The manager's function, what invokes it, and where lost invocations end."""

    def __init__(
        self,
        workers: Sequence[QueueWorker],
        base: Foundation,
        backbone: Backbone,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "services": [worker.service.name for worker in workers],
            "roleName": base.names.of("reconcile"),
            "grants": [grant.as_input() for grant in reconcile_grants(base.names)],
        }
        super().__init__(MANAGER, base.stage, inputs, opts)
        self.dead_letters = self._dead_letters(base, backbone.control)
        self.function = self._function(workers, base, backbone)
        self._listen(backbone.control)
        self._keep_failures()
        self._reconcile(base.names)
        self.register_outputs({"function": self.function.arn})

    def _dead_letters(self, base: Foundation, control: ControlTopic) -> SecureQueue:
        names = base.names
        props = QueueProps(
            queue_name=names.manager_dead_letter_queue,
            retention=base.settings.dead_letter_retention,
            topic_arn=control.arn,
            sender_roles=(names.role_arn(MANAGER), names.role_arn("reconcile")),
            redrive_allow=redrive_allow_policy(),
        )
        return SecureQueue(f"{MANAGER}-dlq", base, props, self.child())

    def _function(
        self, workers: Sequence[QueueWorker], base: Foundation, backbone: Backbone
    ) -> ContainerFunction:
        names, settings = base.names, base.settings
        props = FunctionProps(
            description="Pauses, probes and resumes the services' subscriptions",
            memory=settings.manager_memory,
            timeout=settings.manager_timeout,
            environment={
                "CIRCUIT_TABLE": names.circuit_table,
                "CIRCUIT": circuit_rules(settings),
                "LEDGER_TABLE": names.ledger_table,
                "NOTIFICATIONS_TOPIC_ARN": backbone.notifications.arn,
                "QUEUE_RETENTION": str(settings.queue_retention),
                "MANAGED_FUNCTIONS": pulumi.Output.json_dumps(
                    managed_functions(
                        names, [(worker.service, worker.mapping.uuid) for worker in workers]
                    )
                ),
            },
            grants=manager_grants(names, base.stage.services),
            depends_on=[backbone.ledger, backbone.circuit],
        )
        return ContainerFunction(MANAGER, base, props, self.child())

    def _listen(self, control: ControlTopic) -> None:
        permission = aws.lambda_.Permission(
            f"{MANAGER}-control-permission",
            statement_id="control-topic",
            action="lambda:InvokeFunction",
            function=self.function.function_name,
            principal="sns.amazonaws.com",
            source_arn=control.arn,
            opts=self.child(self.function),
        )
        aws.sns.TopicSubscription(
            f"{MANAGER}-control-subscription",
            topic=control.arn,
            protocol="lambda",
            endpoint=self.function.arn,
            redrive_policy=json.dumps({"deadLetterTargetArn": self.dead_letters.arn}),
            opts=self.child(permission, control, self.dead_letters, protect=True),
        )

    def _keep_failures(self) -> None:
        aws.lambda_.FunctionEventInvokeConfig(
            f"{MANAGER}-async",
            function_name=self.function.function_name,
            maximum_event_age_in_seconds=COMMAND_LIFETIME,
            maximum_retry_attempts=2,
            destination_config={"on_failure": {"destination": self.dead_letters.arn}},
            opts=self.child(self.function, self.dead_letters),
        )

    def _reconcile(self, names: Names) -> None:
        group_arn = names.arn("scheduler", f"schedule-group/{names.prefix}")
        group = aws.scheduler.ScheduleGroup(
            f"{MANAGER}-schedules", name=names.prefix, opts=self.child()
        )
        role, policy = self._schedule_role(names, group_arn)
        aws.scheduler.Schedule(
            f"{MANAGER}-schedule",
            name=names.of("reconcile"),
            description="Makes the subscriptions what the circuits say, every minute",
            group_name=names.prefix,
            schedule_expression=RECONCILE_RATE,
            flexible_time_window={"mode": "OFF"},
            target={
                "arn": self.function.arn,
                "role_arn": names.role_arn("reconcile"),
                "input": json.dumps({"action": "reconcile"}),
                # The next turn comes in a minute anyway, and repairs what this one missed.
                "retry_policy": {"maximum_event_age_in_seconds": 60, "maximum_retry_attempts": 1},
                "dead_letter_config": {"arn": self.dead_letters.arn},
            },
            opts=self.child(group, role, policy, self.function, self.dead_letters),
        )

    def _schedule_role(
        self, names: Names, group_arn: str
    ) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        role = aws.iam.Role(
            f"{MANAGER}-schedule-role",
            name=names.of("reconcile"),
            description="What the schedule of the manager may do",
            # By group, not by schedule: the Scheduler guide's page on the confused deputy says so.
            assume_role_policy=trust_policy(
                "scheduler.amazonaws.com",
                {
                    "StringEquals": {
                        "aws:SourceAccount": names.account,
                        "aws:SourceArn": group_arn,
                    }
                },
            ),
            opts=self.child(),
        )
        policy = aws.iam.RolePolicy(
            f"{MANAGER}-schedule-policy",
            name="grants",
            role=names.of("reconcile"),
            policy=role_policy(reconcile_grants(names)),
            opts=self.child(role),
        )
        return role, policy
