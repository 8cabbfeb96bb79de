import msgspec
import pytest

from handlers.common.errors import InvalidMessage
from handlers.common.messages.transactions import Transaction, decoded
from local.privilege.messages import message, spoilt
from tools.documented_messages import transactions

IDS = {"message_id": "m-1", "customer_id": "c-1"}
NUMBERS = ("12345678901234567", "021000021")


@pytest.mark.parametrize(("name", "kind"), transactions().items())
def test_each_service_takes_the_good_message_of_the_play(
    name: str, kind: type[Transaction]
) -> None:
    good = message(name, IDS, NUMBERS)
    try:
        decoded(msgspec.json.encode(good), kind)
    except InvalidMessage as error:
        pytest.fail(f"OWN_FIELDS in local/privilege/messages.py: {error}")


@pytest.mark.parametrize(("name", "kind"), transactions().items())
def test_each_service_refuses_the_spoilt_one(name: str, kind: type[Transaction]) -> None:
    with pytest.raises(InvalidMessage):
        decoded(msgspec.json.encode(spoilt(message(name, IDS, NUMBERS))), kind)


def test_each_message_holds_numbers_that_must_not_come_to_light() -> None:
    for name in (*transactions(), "meter_reading"):
        assert set(NUMBERS) <= set(message(name, IDS, NUMBERS).values())
