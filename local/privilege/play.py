"""A short run in which every grant is needed: both services, every verb, a probe and a redrive.

It is told by an operator under the operator's role. The bank changes its key while transactions
flow, which breaks every call until the new key is in its secret: so both circuits open, are probed
and close, without an outage of anything.
"""

import contextlib
import json
import random
import secrets
import ssl
import time
import urllib.request
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import boto3
from msgspec.structs import replace

from control.journeys import journey, letters
from control.place import Place
from control.stack import Stack
from control.status import read_status
from local.access import PREFIX, STACK, Access
from local.emulator import routes
from local.emulator.record import Recorded, denied
from local.emulator.record import read as read_record
from local.errors import LocalError
from local.page.look import Observer
from local.privilege.account import Account
from local.privilege.account import read as read_account
from local.privilege.overstep import Overstep, overstep
from local.queues import Received, depth, receive_all
from local.system import System
from local.tap import Tap, tapped

PATIENCE = 45.0
"""Seconds to wait for anything."""
ACCOUNT_DIGITS = 17
"""As many as an account number may have: no other number in a log is so long by chance."""
_WEIGHTS = (3, 7, 1)  # of a routing number's checksum
KINDS = {"bank-account-setup": "bank_account_setup", "payment-processing": "payment"}


class NotPlayedError(LocalError):
    """Something that belongs to the play did not happen."""


@dataclass(kw_only=True)
class Played:
    """What a play leaves behind, to be looked at after the system has stopped.

    Attributes:
        numbers: Every account and routing number that was sent.
        keys: Every API key that the bank had.
        texts: What was written where, by its place.
        dead_letters: Dead letters of each service while the key was changed.
        histories: The circuits' transitions, by service: from, to and cause.
        oversteps: Calls beyond the bounds, made after `record` was read.
        denials: The record's entries of these.
    """

    numbers: list[str] = field(default_factory=list[str])
    keys: list[str] = field(default_factory=list[str])
    texts: dict[str, str] = field(default_factory=dict[str, str])
    record: list[Recorded] = field(default_factory=list[Recorded])
    dead_letters: dict[str, int] = field(default_factory=dict[str, int])
    histories: dict[str, list[tuple[str, str, str]]] = field(
        default_factory=dict[str, list[tuple[str, str, str]]]
    )
    account: Account | None = None
    oversteps: list[Overstep] = field(default_factory=list[Overstep])
    denials: list[Recorded] = field(default_factory=list[Recorded])
    bookings: dict[str, int] = field(default_factory=dict[str, int])
    sent: int = 0


class Play:
    """Plays over one running system."""

    def __init__(self, system: System) -> None:
        self.access: Access = system.access
        self.bank = system.bank
        self.played = Played()
        self._services = self.access.outputs.services
        self._chance = random.Random()  # noqa: S311 - numbers that only must not repeat
        self._refused_by_bank: list[int] = []
        self._operator = self._as_operator()

    def run(self) -> Played:
        """The whole play, and what is to be seen after it."""
        with self._notifications() as news, tapped(self.access, "play") as tap:
            self._refuse_and_redrive()
            self._change_the_bank_s_key()
            self._steer()
            self._look_around()
            self._read_everything(tap, news)
        self.played.record = self._record()
        account = read_account(self.access)
        self.played.oversteps = overstep(self.access, account)
        self.played.denials = denied(self._record())
        self.played.account = account
        return self.played

    def _record(self) -> list[Recorded]:
        """What roles and services did until now."""
        with self._local(routes.RECORD) as answer:
            return read_record(answer.read())

    def _local(self, path: str) -> Any:  # noqa: ANN401 - an HTTP answer has no type of its own here
        """A page of the emulator's own."""
        emulator = self.access.emulator
        trust = ssl.create_default_context(cafile=str(emulator.ca_bundle))
        return urllib.request.urlopen(emulator.endpoint + path, context=trust)  # noqa: S310 - see above

    # The acts

    def _refuse_and_redrive(self) -> None:
        """Good ones, some that cannot be read, some that the bank refuses; these come back once."""
        for service in self._services:
            self._send(service, count=4)
            self._send(service, count=1, bad=True)
            self._send(service, count=1, customer="c-ERROR400")
            self._refused_by_bank.append(self.played.sent)
        self._await(
            "two dead letters of each", lambda: all(self._dead(x) > 1 for x in self._services)
        )
        self._keep("dead letters", self._peek())
        again = [f"m-{number}" for number in self._refused_by_bank]
        self._command({"action": "redrive", "reason": "another try", "ids": again})
        self._await(
            "each dead letter back again",
            lambda: (
                all(self._redriven(service) for service in self._services)
                and all(self._dead(service) > 1 for service in self._services)
                and self._empty()
            ),
        )

    def _change_the_bank_s_key(self) -> None:
        """First the bank, then the secret, under load: the circuits open in between."""
        before = {service: self._dead(service) for service in self._services}
        key = secrets.token_urlsafe(24)
        self.played.keys += [str(self.bank.settings().api_key), key]
        self.bank.set(replace(self.bank.settings(), api_key=key))
        for service in self._services:
            self._send(service, count=6)
        self._await("both circuits open", lambda: self._all_in({"open"}))
        self._send_all(count=4)
        self.access.secrets.put_secret_value(
            SecretId=self.access.outputs.bank_secret, SecretString=key
        )
        self._command({"action": "probe", "reason": "the key is in its secret"})
        self._await("both circuits closed", lambda: self._all_in({"closed"}))
        self._await("empty queues", self._empty)
        self.played.dead_letters = {
            service: self._dead(service) - before[service] for service in self._services
        }

    def _steer(self) -> None:
        for action in ("disable", "enable", "stop", "start"):
            self._command({"action": action, "reason": "to show it"})
            state = {"held"} if action in {"disable", "stop"} else {"half_open", "closed"}
            self._await(f"{action} obeyed", lambda wanted=state: self._all_in(wanted))
        for action in ("status", "refresh"):
            self._command({"action": action})
        self._await("both circuits closed", lambda: self._all_in({"closed"}))

    def _look_around(self) -> None:
        """All that `control` reads for an operator."""
        stack, since = Stack(self._operator), time.time() - 3600
        self._keep("status for operators", repr(read_status(stack)))
        for service in self._services:
            self._keep(f"history of {service}", repr(stack.records.history(service, 20)))
            self._keep(f"letters of {service}", repr(letters(stack, service, since)))
        self._keep("a customer's journey", repr(journey(stack, "c-1", since)))
        with tapped(self.access, "page") as tap:
            self._keep("page", repr(Observer(self.access, tap).look()))

    # What was written

    def _read_everything(self, tap: Tap, news: Callable[[], list[Received]]) -> None:
        access, outputs, texts = self.access, self.access.outputs, self.played.texts
        texts["outcomes"] = repr(receive_all(access.sqs, tap.url))
        texts["notifications"] = repr(news())
        for table in (outputs.ledger_table, outputs.circuit_table):
            texts[table] = repr(access.dynamodb.scan(TableName=table)["Items"])
        self._keep("queues", self._peek())
        status = access.functions.invoke(
            FunctionName=outputs.function_names["subscription-manager"],
            Payload=json.dumps({"action": "status"}).encode(),
        )
        texts["status"] = status["Payload"].read().decode()
        names = [metric for page in self._pages("list_metrics") for metric in page["Metrics"]]
        texts["metrics"] = repr(names)
        texts["functions"] = repr(access.functions.list_functions()["Functions"])
        logs = access.emulator.session().client("logs")
        for service in outputs.function_names:
            found = logs.get_paginator("filter_log_events").paginate(
                logGroupName=f"/aws/lambda/{PREFIX}-{service}"
            )
            texts[f"log of {service}"] = "\n".join(
                event.get("message", "") for page in found for event in page["events"]
            )
        books = access.bank.books().bookings
        for booking in books:
            self.played.bookings[booking.key] = self.played.bookings.get(booking.key, 0) + 1
        for service in self._services:
            self.played.histories[service] = self._history(service)

    def _pages(self, operation: Any) -> Any:  # noqa: ANN401 - a paginator has a type of its own for each name
        return self.access.metrics.get_paginator(operation).paginate()

    @contextlib.contextmanager
    def _notifications(self) -> Generator[Callable[[], list[Received]]]:
        """A queue on the topic for people, as a reader there would see it."""
        sqs, sns = self.access.sqs, self.access.sns
        topic = self.access.outputs.control_topic_arn.replace(
            "subscription-control", "notifications"
        )
        name = f"{PREFIX}-play-news"
        arn = topic.replace(":sns:", ":sqs:").rpartition(":")[0] + f":{name}"
        allow = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
        url = sqs.create_queue(QueueName=name, Attributes={"Policy": policy})["QueueUrl"]
        subscription = sns.subscribe(
            TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True
        )["SubscriptionArn"]
        try:
            yield lambda: receive_all(sqs, url)
        finally:
            sns.unsubscribe(SubscriptionArn=subscription)
            sqs.delete_queue(QueueUrl=url)

    # The means

    def _as_operator(self) -> Place:
        emulator = self.access.emulator
        role = f"arn:aws:iam::{emulator.account_id}:role/{PREFIX}-operator"
        sts = emulator.session().client("sts")
        given = sts.assume_role(RoleArn=role, RoleSessionName="operator")["Credentials"]
        core = emulator.anonymous_session()
        core.set_credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
        return Place(
            stack=STACK,
            account=emulator.account_id,
            region=emulator.region,
            caller="play",
            role=role,
            session=boto3.Session(botocore_session=core),
            options={},
        )

    def _command(self, command: Mapping[str, Any]) -> None:
        message = {**command, "operator": "play", "timestamp": datetime.now(UTC).isoformat()}
        self._operator.sns.publish(
            TopicArn=self.access.outputs.control_topic_arn, Message=json.dumps(message)
        )

    def _send_all(self, *, count: int) -> None:
        for service in self._services:
            self._send(service, count=count)

    def _send(
        self, service: str, *, count: int, bad: bool = False, customer: str | None = None
    ) -> None:
        for _ in range(count):
            self.played.sent += 1
            message = self._message(service, bad=bad)
            message["customer_id"] = customer or message["customer_id"]
            self.access.sns.publish(
                TopicArn=self.access.outputs.transaction_topic_arn,
                Message=json.dumps(message),
                MessageGroupId=message["customer_id"],
                MessageDeduplicationId=message["message_id"],
                MessageAttributes={
                    "transaction_type": {"DataType": "String", "StringValue": KINDS[service]}
                },
            )

    def _message(self, service: str, *, bad: bool) -> dict[str, Any]:
        account = str(self._chance.randrange(10 ** (ACCOUNT_DIGITS - 1), 10**ACCOUNT_DIGITS))
        routing = self._routing_number()
        self.played.numbers += [account, routing]
        message: dict[str, Any] = {
            "message_id": f"m-{self.played.sent}",
            "transaction_type": KINDS[service],
            "customer_id": f"c-{self.played.sent}",
        }
        if service == "payment-processing":
            # A careless publisher: numbers where none belong must not come to light either.
            message |= {
                "amount": "-1" if bad else "12.50",
                "payment_method": "ach",
                "account_number": account,
                "routing_number": routing,
            }
        else:
            message |= {
                "routing_number": routing,
                "account_number": f"{account}-{account}" if bad else account,
            }
        return message

    def _routing_number(self) -> str:
        digits = [self._chance.randrange(10) for _ in range(8)]
        total = sum(x * _WEIGHTS[n % 3] for n, x in enumerate(digits))
        return "".join(map(str, digits)) + str(-total % 10)

    def _state(self, service: str) -> str:
        found = self.access.dynamodb.get_item(
            TableName=self.access.outputs.circuit_table,
            Key={"service": {"S": service}, "record": {"S": "state"}},
            ConsistentRead=True,
        ).get("Item", {})
        return found.get("state", {}).get("S", "closed")

    def _all_in(self, states: set[str]) -> bool:
        return all(self._state(service) in states for service in self._services)

    def _history(self, service: str) -> list[tuple[str, str, str]]:
        items = self.access.dynamodb.query(
            TableName=self.access.outputs.circuit_table,
            KeyConditionExpression="service = :service AND begins_with(#record, :history)",
            ExpressionAttributeNames={"#record": "record"},
            ExpressionAttributeValues={
                ":service": {"S": service},
                ":history": {"S": "history#"},
            },
        )["Items"]
        return [
            (
                item["from_state"].get("S", ""),
                item["to_state"].get("S", ""),
                item.get("cause", {}).get("S", ""),
            )
            for item in items
        ]

    def _dead(self, service: str) -> int:
        return depth(self.access.sqs, self.access.outputs.dead_letter_queue_urls[service])

    def _keep(self, place: str, text: str) -> None:
        self.played.texts[place] = text

    def _peek(self) -> str:
        """Every message of every queue without its body: the emulator has a window on them."""
        with self._local("/_ministack/sqs/messages") as answer:
            found = json.loads(answer.read())
        queues = [
            queue
            for regions in found["messages"].values()
            for region in regions.values()
            for queue in region.values()
        ]
        return repr(
            [
                {name: value for name, value in message.items() if name != "Body"}
                for messages in queues
                for message in messages
            ]
        )

    def _redriven(self, service: str) -> bool:
        """Whether the ledger has an entry that was brought back, and is at its end again."""
        items = self.access.dynamodb.scan(TableName=self.access.outputs.ledger_table)["Items"]
        return any(
            item["id"].get("S", "").startswith(service)
            and "redrive_id" in item
            and item["status"].get("S") == "rejected"
            for item in items
        )

    def _empty(self) -> bool:
        urls = self.access.outputs.queue_urls
        return all(depth(self.access.sqs, urls[service]) == 0 for service in self._services)

    @staticmethod
    def _await(what: str, seen: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not seen():
            if time.monotonic() > end:
                raise NotPlayedError(f"after {PATIENCE:.0f} s still not seen: {what}")
            time.sleep(0.1)
