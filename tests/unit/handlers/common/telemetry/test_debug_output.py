"""At the log level DEBUG Lambda writes down what every library tells: what do they tell?"""

import logging
from typing import Any

import pytest
from botocore.session import get_session

from handlers.common import aws
from handlers.common.bank.key import BankKey
from handlers.common.ledger.entries import Entry, Status
from handlers.common.messages.delivery import Delivery
from handlers.common.worker.dead_letters import SqsDeadLetters

ACCOUNT, API_KEY = "98765432101234567", "the-banks-own-key"


@pytest.fixture
def queue_url(pretended: None) -> str:
    """A dead-letter queue, beside the bank's key in Secrets Manager."""
    del pretended
    session = get_session()
    sqs: Any = session.create_client("sqs", region_name=aws.REGION)
    secrets: Any = session.create_client("secretsmanager", region_name=aws.REGION)
    secrets.create_secret(Name="bank", SecretString=API_KEY)
    return sqs.create_queue(QueueName="d.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]


def test_neither_bank_details_nor_the_banks_key(
    queue_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    letter = Delivery(
        body="", carrier="sqs-1", group="c1", sent_at=0, original=f'{{"account_number": {ACCOUNT}}}'
    )
    caplog.set_level(logging.DEBUG)

    SqsDeadLetters(aws.sqs(), queue_url).send(letter, Entry(id="m", end=Status.REJECTED), 0.0)
    assert BankKey(aws.secrets(), "bank").value() == API_KEY

    assert not [secret for secret in (ACCOUNT, API_KEY) if secret in caplog.text]
