"""The program: one stack of the utility customer system on AWS."""

import pulumi

from components.account import confirm_account
from components.alarms import Alarms
from components.bank_secret import BankSecret
from components.dashboard import Dashboard
from components.encryption import EncryptionKey
from components.intake import Intake, everything_but
from components.manager import SubscriptionManager
from components.names import MANAGER
from components.operators import OperatorRole, operator_identities
from components.stage import read_stage
from components.tables import CircuitTable, LedgerTable
from components.tags import stack_tags, tag_everything
from components.topics import ControlTopic, NotificationsTopic, OutcomesTopic, TransactionTopic
from components.workers import QueueWorker

stage = read_stage()
names, settings = stage.names, stage.settings
confirm_account(settings.account_id)
tag_everything(stack_tags(settings))

key = EncryptionKey("key", stage)
ledger = LedgerTable("ledger", stage, key)
circuit = CircuitTable("circuit", stage, key)
bank_secret = BankSecret("bank-api-key", stage, key)

transactions = TransactionTopic("transactions", stage, key)
control = ControlTopic("control", stage, key, operators=operator_identities(stage))
outcomes = OutcomesTopic("outcomes", stage, key)
notifications = NotificationsTopic("notifications", stage, key, manager=MANAGER)

unrouted = Intake(
    "unrouted",
    stage,
    key,
    transactions,
    messages=everything_but([service.transaction_type for service in stage.services]),
)
workers = [
    QueueWorker(
        stage,
        service,
        key=key,
        transactions=transactions,
        control=control,
        outcomes=outcomes,
        ledger=ledger,
        circuit=circuit,
    )
    for service in stage.services
]
manager = SubscriptionManager(
    stage,
    workers,
    key=key,
    control=control,
    notifications=notifications,
    ledger=ledger,
    circuit=circuit,
)

if settings.operator_principals:
    OperatorRole("operator", stage)
Alarms("alarms", stage, control=control, notifications=notifications)
Dashboard("dashboard", stage)

functions = [*(worker.function for worker in workers), manager.function]
pulumi.export("transaction_topic_arn", transactions.arn)
pulumi.export("control_topic_arn", control.arn)
pulumi.export("outcomes_topic_arn", outcomes.arn)
pulumi.export("notifications_topic_arn", notifications.arn)
pulumi.export("queue_urls", {w.service.name: w.intake.url for w in workers})
pulumi.export("dead_letter_queue_urls", {w.service.name: w.intake.dead_letter_url for w in workers})
pulumi.export("unrouted_queue_url", unrouted.url)
pulumi.export(
    "function_names",
    {**{w.service.name: names.of(w.service.name) for w in workers}, MANAGER: names.of(MANAGER)},
)
pulumi.export("ledger_table", names.ledger_table)
pulumi.export("circuit_table", names.circuit_table)
pulumi.export("bank_secret", names.bank_secret)
