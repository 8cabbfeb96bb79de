"""A service as it runs: its queue, its function and the mapping between them."""

import json
from collections.abc import Mapping
from decimal import Decimal

import pulumi
import pulumi_aws as aws

from components.backbone import Backbone
from components.encryption import Foundation, fingerprint_grant, key_grants
from components.functions import ContainerFunction, FunctionProps
from components.grants import Grant, only_keys
from components.intake import Intake, IntakeProps, transactions_of
from components.names import MANAGER, Names
from components.rules import VISIBILITY_FACTOR
from components.services import Service
from components.settings import Settings
from components.stage import Component


def circuit_rules(settings: Settings) -> str:
    """The circuit's rules as the handlers read them; times in seconds."""
    return json.dumps(
        {
            "consecutive_failures": settings.consecutive_failures,
            "failure_rate": float(settings.failure_rate),
            "minimum_volume": settings.minimum_volume,
            "window": settings.failure_window,
            "slow_call": settings.slow_call,
            "slow_call_rate": float(settings.slow_call_rate),
            "cool_down": settings.cool_down,
            "cool_down_cap": settings.cool_down_cap,
            "ramp": settings.ramp,
            "ramp_concurrency": settings.ramp_concurrency,
            "drain_time": settings.drain_time,
            "turn": settings.turn,
        }
    )


def variable(value: object) -> str:
    """A setting as an environment variable."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)


def worker_grants(names: Names, service: Service) -> tuple[Grant, ...]:
    """What every worker may do."""
    own = service.name
    queue = names.queue_arn(names.queue(own))
    dead_letters = names.queue_arn(names.dead_letter_queue(own))
    control = names.topic_arn(names.control_topic)
    outcomes = names.topic_arn(names.outcomes_topic)
    return (
        Grant(
            actions=("sqs:GetQueueAttributes",),
            resources=(queue,),
            why="The mapping polls under the function's role",
        ),
        Grant(
            actions=("sqs:ReceiveMessage", "sqs:DeleteMessage"),
            resources=(queue,),
            why="The same; and a probe takes one message",
        ),
        Grant(
            actions=("sqs:ChangeMessageVisibility",),
            resources=(queue,),
            why="A message that is handed back is hidden until it is worth another try",
        ),
        Grant(
            actions=("sqs:SendMessage",),
            resources=(dead_letters,),
            why="A message with a final end other than success is kept with its reason",
        ),
        Grant(
            actions=("dynamodb:PutItem", "dynamodb:UpdateItem"),
            resources=(names.table_arn(names.ledger_table),),
            conditions=only_keys("StringLike", f"{own}#*"),
            why="The ledger says what became of a message; only the service's own entries",
        ),
        Grant(
            actions=("dynamodb:DescribeTable",),
            resources=(names.table_arn(names.ledger_table),),
            why="A ledger that was restored is another table: nothing is paid by it unexamined",
        ),
        Grant(
            actions=("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"),
            resources=(names.table_arn(names.circuit_table),),
            conditions=only_keys("StringEquals", own),
            why="The gate reads the circuit and a trip opens it; only the service's own",
        ),
        Grant(
            actions=("sns:Publish",),
            resources=(control, outcomes),
            why="Trips go to the control topic, every end to the outcomes topic",
        ),
        Grant(
            actions=("secretsmanager:GetSecretValue",),
            resources=(names.bank_secret_arn,),
            why="The bank's API key",
        ),
        *key_grants(names, reads=("sqs", "dynamodb", "secretsmanager"), writes=("sqs", "sns")),
        fingerprint_grant(names),
    )


class QueueWorker(Component):
    """One service: intake, function and the mapping, which the manager pauses and resumes."""

    def __init__(
        self,
        service: Service,
        base: Foundation,
        backbone: Backbone,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "transactionType": service.transaction_type,
            "memory": service.memory,
            "timeout": service.timeout,
            "batchSize": service.batch_size,
            "concurrency": service.concurrency,
        }
        super().__init__(service.name, base.stage, inputs, opts)
        self.service = service
        self.intake = self._intake(base, backbone)
        self.function = self._function(base, backbone)
        self.mapping = aws.lambda_.EventSourceMapping(
            f"{service.name}-mapping",
            event_source_arn=self.intake.queue.arn,
            function_name=self.function.arn,
            enabled=True,
            batch_size=service.batch_size,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config={"maximum_concurrency": service.concurrency},
            opts=self.child(
                self.function,
                self.intake,
                # The manager pauses, ramps and resumes; a deployment must not.
                ignore_changes=["enabled", "scalingConfig"],
            ),
        )
        self.register_outputs({"mapping": self.mapping.uuid})

    def _intake(self, base: Foundation, backbone: Backbone) -> Intake:
        service, names = self.service, base.names
        props = IntakeProps(
            messages=transactions_of(service.transaction_type),
            visibility=max(VISIBILITY_FACTOR * service.timeout, base.settings.visibility_timeout),
            dead_letter_roles=(names.role_arn(service.name),),
            redrive_roles=(names.role_arn(MANAGER),),
        )
        return Intake(service.name, base, backbone.transactions, props, self.child())

    def _function(self, base: Foundation, backbone: Backbone) -> ContainerFunction:
        service = self.service
        props = FunctionProps(
            description=f"Works off transactions of type {service.transaction_type}",
            memory=service.memory,
            timeout=service.timeout,
            environment=self._environment(base, backbone),
            grants=[*worker_grants(base.names, service), *service.grants(base.names)],
            depends_on=[backbone.ledger, backbone.fingerprints, backbone.circuit],
        )
        return ContainerFunction(service.name, base, props, self.child())

    def _environment(self, base: Foundation, backbone: Backbone) -> Mapping[str, pulumi.Input[str]]:
        names, settings = base.names, base.settings
        extra = {
            key: variable(getattr(settings, setting))
            for key, setting in self.service.environment.items()
        }
        return {
            "CIRCUIT_TABLE": names.circuit_table,
            "CIRCUIT": circuit_rules(settings),
            "LEDGER_TABLE": names.ledger_table,
            "FINGERPRINT_KEY": names.fingerprint_alias,
            "QUEUE_URL": self.intake.url,
            "DEAD_LETTER_QUEUE_URL": self.intake.dead_letter_url,
            "CONTROL_TOPIC_ARN": backbone.control.arn,
            "OUTCOMES_TOPIC_ARN": backbone.outcomes.arn,
            "BANK_URL": settings.bank_url,
            "BANK_API_KEY_SECRET": names.bank_secret,
            "BANK_CONNECT_TIMEOUT": variable(settings.bank_connect_timeout),
            "BANK_READ_TIMEOUT": variable(settings.bank_read_timeout),
            "BANK_KEY_MEMORY": variable(settings.bank_key_memory),
            "MAX_ATTEMPTS": variable(settings.max_attempts),
            "RETRY_BACKOFF": variable(settings.retry_backoff),
            "RETRY_BACKOFF_CAP": variable(settings.retry_backoff_cap),
            "LEDGER_RETENTION": variable(settings.ledger_retention),
            **extra,
        }
