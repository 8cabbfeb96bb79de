"""What the manager may do, and what the schedule that wakes it may."""

from collections.abc import Sequence

from components.encryption import key_grants
from components.grants import Grant, only_keys
from components.names import MANAGER, Names
from components.services import Service
from components.tables import LEDGER_INDEX


def manager_grants(names: Names, services: Sequence[Service]) -> tuple[Grant, ...]:
    """What the manager may do, and to which services.

    A queue stands in one grant, with all that is done to it: a role's policies have room for
    10,240 characters (`components/room.py`).
    """
    functions = tuple(names.function_arn(service.name) for service in services)
    queues = tuple(names.queue_arn(names.queue(service.name)) for service in services)
    dead_letters = tuple(
        names.queue_arn(names.dead_letter_queue(service.name)) for service in services
    )
    ledger = names.table_arn(names.ledger_table)
    entries = [f"{service.name}#*" for service in services]
    own_entries = only_keys("StringLike", *entries)
    alarms = tuple(names.alarm_arn(names.backstop_alarm(service.name)) for service in services)
    return (
        Grant(
            actions=("lambda:GetEventSourceMapping", "lambda:UpdateEventSourceMapping"),
            resources=(names.arn("lambda", "event-source-mapping:*"),),
            conditions={"ArnEquals": {"lambda:FunctionArn": list(functions)}},
            why="Pause, ramp and resume the managed mappings, whose ids are not known beforehand",
        ),
        Grant(
            actions=("lambda:InvokeFunction",),
            resources=functions,
            why="A probe is an invocation of the worker",
        ),
        Grant(
            actions=("cloudwatch:GetMetricData",),
            resources=("*",),
            why="The age of the oldest message; CloudWatch has no resource for metrics",
        ),
        Grant(
            actions=("sqs:GetQueueAttributes", "sqs:SendMessage"),
            resources=queues,
            why="Depths, for probes and status; and a redrive sends dead letters back",
        ),
        Grant(
            actions=(
                "sqs:GetQueueAttributes",
                "sqs:ReceiveMessage",
                "sqs:DeleteMessage",
                "sqs:ChangeMessageVisibility",
            ),
            resources=dead_letters,
            why="Depths, for status; and a redrive takes dead letters",
        ),
        Grant(
            actions=(
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem",
                "dynamodb:Query",
            ),
            resources=(names.table_arn(names.circuit_table),),
            conditions=only_keys("StringEquals", *(service.name for service in services)),
            why="Circuits, leases and histories of the managed services",
        ),
        Grant(
            actions=("dynamodb:GetItem",),
            resources=(ledger,),
            conditions=own_entries,
            why="A redrive asks when the message had been sent",
        ),
        Grant(
            actions=("dynamodb:Query",),
            resources=(f"{ledger}/index/{LEDGER_INDEX}",),
            conditions=own_entries,
            why="A redrive sees whether a later transaction of the customer has completed",
        ),
        Grant(
            actions=("sns:Publish",),
            resources=(names.topic_arn(names.notifications_topic),),
            why="Transitions and answers to status are announced",
        ),
        Grant(
            actions=("cloudwatch:DescribeAlarms",),
            resources=alarms,
            why="An alarm acts on changes only, so each reconcile reads the backstops",
        ),
        *key_grants(names, reads=("sqs", "dynamodb"), writes=("sqs", "sns")),
        Grant(
            actions=("sqs:SendMessage",),
            resources=(names.queue_arn(names.manager_dead_letter_queue),),
            why="Lambda keeps asynchronous events that the manager could not process",
        ),
    )


def reconcile_grants(names: Names) -> tuple[Grant, ...]:
    """What the schedule does under its own role."""
    return (
        Grant(
            actions=("lambda:InvokeFunction",),
            resources=(names.function_arn(MANAGER),),
            why="The schedule's target",
        ),
        Grant(
            actions=("sqs:SendMessage",),
            resources=(names.queue_arn(names.manager_dead_letter_queue),),
            why="Scheduler keeps invocations that failed",
        ),
        *key_grants(names, writes=("sqs",)),
    )
