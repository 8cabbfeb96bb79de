"""What all services share: the topics and the tables."""

from dataclasses import dataclass

from components.encryption import FingerprintKey
from components.tables import CircuitTable, LedgerTable
from components.topics import ControlTopic, NotificationsTopic, OutcomesTopic, TransactionTopic


@dataclass(frozen=True, kw_only=True)
class Backbone:
    """The topics that carry everything, the tables that remember it, and the ledger's key."""

    transactions: TransactionTopic
    control: ControlTopic
    outcomes: OutcomesTopic
    notifications: NotificationsTopic
    ledger: LedgerTable
    fingerprints: FingerprintKey
    circuit: CircuitTable
