"""The stack's outputs: what a publisher, an operator and the local system need to know."""

from collections.abc import Sequence

import pulumi

from components.backbone import Backbone
from components.intake import Intake
from components.names import MANAGER
from components.stage import Stage
from components.workers import QueueWorker


def export_outputs(
    stage: Stage, backbone: Backbone, workers: Sequence[QueueWorker], unrouted: Intake
) -> None:
    """Export topics, queues, functions, tables and the bank's secret by name."""
    names = stage.names
    intakes = {worker.service.name: worker.intake for worker in workers}
    pulumi.export("transaction_topic_arn", backbone.transactions.arn)
    pulumi.export("control_topic_arn", backbone.control.arn)
    pulumi.export("outcomes_topic_arn", backbone.outcomes.arn)
    pulumi.export("notifications_topic_arn", backbone.notifications.arn)
    pulumi.export("queue_urls", {name: intake.url for name, intake in intakes.items()})
    pulumi.export(
        "dead_letter_queue_urls",
        {name: intake.dead_letter_url for name, intake in intakes.items()},
    )
    pulumi.export("unrouted_queue_url", unrouted.url)
    pulumi.export("function_names", {name: names.of(name) for name in (*intakes, MANAGER)})
    pulumi.export("ledger_table", names.ledger_table)
    pulumi.export("circuit_table", names.circuit_table)
    pulumi.export("bank_secret", names.bank_secret)
