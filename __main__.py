"""The program: one stack of the utility customer system on AWS."""

from components.account import confirm_account
from components.alarms import Alarms
from components.backbone import Backbone
from components.bank_secret import BankSecret
from components.boundary import bound_every_role
from components.dashboard import Dashboard
from components.encryption import EncryptionKey, FingerprintKey, Foundation
from components.intake import Unrouted
from components.manager import SubscriptionManager
from components.operators import OperatorRole, operator_identities
from components.outputs import export_outputs
from components.queries import SavedQueries
from components.room import confirm_room
from components.stage import read_stage
from components.tables import CircuitTable, LedgerTable
from components.tags import stack_tags, tag_everything
from components.topics import ControlTopic, NotificationsTopic, OutcomesTopic, TransactionTopic
from components.tracing import TopicTracing
from components.workers import QueueWorker

stage = read_stage()
settings = stage.settings
confirm_room(stage)
confirm_account(settings.account_id)
tag_everything(stack_tags(settings))
if settings.permissions_boundary:
    bound_every_role(stage.names)

base = Foundation(stage, EncryptionKey("key", stage))
backbone = Backbone(
    transactions=TransactionTopic("transactions", base),
    control=ControlTopic("control", base, operator_identities(stage)),
    outcomes=OutcomesTopic("outcomes", base),
    notifications=NotificationsTopic("notifications", base),
    ledger=LedgerTable("ledger", base),
    fingerprints=FingerprintKey("fingerprints", stage),
    circuit=CircuitTable("circuit", base),
)
BankSecret("bank-api-key", base)

unrouted = Unrouted("unrouted", base, backbone.transactions)
workers = [QueueWorker(service, base, backbone) for service in stage.services]
manager = SubscriptionManager(workers, base, backbone)

if settings.operator_principals:
    OperatorRole("operator", stage)
Alarms("alarms", stage, backbone)
Dashboard("dashboard", stage)
SavedQueries("queries", stage)
TopicTracing("tracing", stage)

export_outputs(stage, backbone, workers, unrouted)
