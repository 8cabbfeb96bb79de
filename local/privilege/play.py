"""A short run in which every grant is needed: every service, every verb, a probe and a redrive.

It is told by an operator under the operator's role. The bank changes its key while transactions
flow, which breaks every call until the new key is in its secret: so all circuits open, are probed
and close, without an outage of anything.
"""

import json
import secrets
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import boto3
from msgspec.structs import replace

from control.journeys import journey, letters
from control.place import Place
from control.records import Records
from control.stack import Stack
from control.status import read_status
from local.access import Access
from local.emulator import routes
from local.emulator.record import Recorded, denied
from local.emulator.record import read as read_record
from local.errors import LocalError
from local.page.look import Observer
from local.privilege.account import read as read_account
from local.privilege.overstep import overstep
from local.privilege.played import Played
from local.privilege.publisher import Publisher
from local.privilege.texts import local_page, notifications, queued, written
from local.project import PREFIX, STACK
from local.queues import Received, depth, receive_all
from local.system import System
from local.tap import Tap, tapped
from local.waiting import seen

PATIENCE = 45.0
"""Seconds to wait for anything."""

DEAD = 2
"""Dead letters that each service is sent: one that is spoilt, one that the bank refuses."""

MOST = 1000
"""Transitions of a circuit: far more than a play has."""


class NotPlayedError(LocalError):
    """Something that belongs to the play did not happen."""


class Play:
    """Plays over one running system."""

    def __init__(self, system: System) -> None:
        self.access: Access = system.access
        self.bank = system.bank
        self.played = Played()
        self._services = self.access.outputs.services
        self._publisher = Publisher(system.access)
        self._circuits = Records(self.access.dynamodb, self.access.outputs.circuit_table)
        self._refused_by_bank: list[int] = []
        self._operator = self._as_operator()

    def run(self) -> Played:
        """The whole play, and what is to be seen after it."""
        with notifications(self.access) as news, tapped(self.access, "play") as tap:
            self._refuse_and_redrive()
            self._change_the_bank_s_key()
            self._steer()
            self._look_around()
            self._read_everything(tap, news)
        self.played.numbers, self.played.sent = self._publisher.numbers, self._publisher.sent
        self.played.record = self._record()
        account = read_account(self.access)
        self.played.oversteps = overstep(self.access, account)
        self.played.denials = denied(self._record())
        self.played.account = account
        return self.played

    def _record(self) -> list[Recorded]:
        """What roles and services did until now."""
        return read_record(local_page(self.access, routes.RECORD))

    # The acts

    def _refuse_and_redrive(self) -> None:
        """Good ones, some that cannot be read, some that the bank refuses; these come back once."""
        for service in self._services:
            self._publisher.send(service, count=4)
            self._publisher.send(service, count=1, bad=True)
            self._publisher.send(service, count=1, customer="c-ERROR400")
            self._refused_by_bank.append(self._publisher.sent)
        self._await(
            "two dead letters of each", lambda: all(self._dead(x) >= DEAD for x in self._services)
        )
        self._keep("dead letters", queued(self.access))
        again = [f"m-{number}" for number in self._refused_by_bank]
        self._command({"action": "redrive", "reason": "another try", "ids": again})
        self._await(
            "each dead letter back again",
            lambda: (
                all(self._redriven(service) for service in self._services)
                and all(self._dead(service) >= DEAD for service in self._services)
                and self._empty()
            ),
        )
        for service in self._services:
            if self._dead(service) > DEAD:
                where = "OWN_FIELDS in local/privilege/messages.py"
                raise NotPlayedError(f"{service} refuses its good messages: {where}")

    def _change_the_bank_s_key(self) -> None:
        """First the bank, then the secret, under load: the circuits open in between."""
        before = {service: self._dead(service) for service in self._services}
        key = secrets.token_urlsafe(24)
        self.played.keys += [str(self.bank.settings().api_key), key]
        self.bank.set(replace(self.bank.settings(), api_key=key))
        for service in self._services:
            self._publisher.send(service, count=6)
        self._await("all circuits open", lambda: self._all_in({"open"}))
        for service in self._services:
            self._publisher.send(service, count=4)
        self.access.secrets.put_secret_value(
            SecretId=self.access.outputs.bank_secret, SecretString=key
        )
        self._command({"action": "probe", "reason": "the key is in its secret"})
        self._await("all circuits closed", lambda: self._all_in({"closed"}))
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
        self._await("all circuits closed", lambda: self._all_in({"closed"}))

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
        played, access = self.played, self.access
        played.texts |= written(access)
        played.texts["outcomes"] = repr(receive_all(access.sqs, tap.url))
        played.texts["notifications"] = repr(news())
        played.bookings = dict(Counter(booking.key for booking in access.bank.books().bookings))
        for service in self._services:
            history = self._circuits.history(service, MOST)
            played.histories[service] = [
                (one.from_state, one.to_state, one.cause or "") for one in history
            ]

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

    def _all_in(self, states: set[str]) -> bool:
        return all(self._circuits.circuit(service).state in states for service in self._services)

    def _dead(self, service: str) -> int:
        return depth(self.access.sqs, self.access.outputs.dead_letter_queue_urls[service])

    def _keep(self, place: str, text: str) -> None:
        self.played.texts[place] = text

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

    def _await(self, what: str, there: Callable[[], bool]) -> None:
        if not seen(there, within=PATIENCE):
            refused = "".join(f"\n  denied: {one.use}" for one in denied(self._record()))
            raise NotPlayedError(f"after {PATIENCE:.0f} s still not seen: {what}{refused}")
