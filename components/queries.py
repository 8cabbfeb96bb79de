"""Saved queries of CloudWatch Logs Insights: a customer's journey, and what went wrong.

An operator opens one in the console, types the id in the place of `CUSTOMER` or `MESSAGE`, and runs
it. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.names import MANAGER, Names
from components.services import Service
from components.stage import Component, Stage

CUSTOMER = "CUSTOMER"
MESSAGE = "MESSAGE"


@dataclass(frozen=True, kw_only=True)
class Query:
    """One saved query; `of_manager` reads the manager's log instead of the workers'."""

    name: str
    text: str
    of_manager: bool = False


QUERIES: tuple[Query, ...] = (
    Query(
        name="customer",
        text=f"""fields @timestamp, service, message_id, event, code, detail
| filter ispresent(event) and customer_id = "{CUSTOMER}"
| sort @timestamp asc
| limit 1000""",
    ),
    Query(
        name="message",
        text=f"""fields @timestamp, service, customer_id, event, code, detail, generation
| filter ispresent(event) and message_id = "{MESSAGE}"
| sort @timestamp asc
| limit 1000""",
    ),
    Query(
        name="not-completed",
        text="""fields @timestamp, service, customer_id, message_id, event, code, detail
| filter event in ["rejected", "dead_lettered", "outcome_unknown"]
| sort @timestamp desc
| limit 1000""",
    ),
    Query(
        name="trips",
        text="""fields @timestamp, service, message, cause, why, generation
| filter message = "circuit_tripped"
| sort @timestamp desc
| limit 1000""",
    ),
    Query(
        name="manager",
        text="""fields @timestamp, message, managed, action, operator, verdict, result, reason
| filter message in ["command", "refused", "mapping changed", "probed", "turn failed"]
| sort @timestamp desc
| limit 1000""",
        of_manager=True,
    ),
)


class SavedQueries(Component):
    """The queries, over the log groups of the stack's functions."""

    def __init__(self, name: str, stage: Stage, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, stage, {"queries": [query.name for query in QUERIES]}, opts)
        for query in QUERIES:
            aws.cloudwatch.QueryDefinition(
                f"{name}-{query.name}",
                # A slash makes a folder in the console.
                name=f"{stage.names.prefix}/{query.name}",
                log_group_names=_groups(query, stage.names, stage.services),
                query_string=query.text,
                opts=self.child(),
            )
        self.register_outputs({})


def _groups(query: Query, names: Names, services: Sequence[Service]) -> list[str]:
    if query.of_manager:
        return [names.log_group(MANAGER)]
    return [names.log_group(service.name) for service in services]
