"""Dead letters sent back, in steps that may stop anywhere.

SQS's own StartMessageMoveTask cannot select, and knows no way back for a message that a worker sent
to the dead-letter queue.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/troubleshooting-dlq-redrive.html

A letter goes back under a `redrive_id` that is the letter's own SQS id. A crash between sending and
deleting sends it again under the same id: within five minutes SQS drops the second one, and after
that the ledger does, which opens an entry once for each redrive_id.
"""

import json
from enum import StrEnum
from typing import Any

import msgspec
from msgspec.structs import replace

from handlers.common.errors import AwsRefused, AwsUnavailable, ServiceError
from handlers.common.messages.transactions import claimed, opened
from handlers.common.telemetry.logs import defect_of, logger
from handlers.subscription_manager.lease import Lease, LeaseHeld, LeaseLost, leased
from handlers.subscription_manager.notices import RedriveNotice
from handlers.subscription_manager.ports import Letter, Ports
from handlers.subscription_manager.records import REDRIVE_LEASE, Redrive
from handlers.subscription_manager.settings import Managed

STEP = 0.3
"""In turns: how long one step may take."""

HIDDEN = 2
"""In turns: how long a received letter stays hidden while it is decided on."""

ASIDE = 5
"""In times of the above: how long a letter that stays is hidden, to find other customers'."""

LEAST = 5.0
"""Seconds that a letter is hidden, however short the turns are."""


def step(ports: Ports, managed: Managed, turn: float, deadline: float) -> None:
    """Works on the service's redrive, if there is one, for a part of a turn. It raises nothing.

    Args:
        ports: The outside.
        managed: The service.
        turn: Seconds between two turns.
        deadline: When this invocation ends (epoch seconds).
    """
    service = managed.service
    try:
        redrive = ports.records.redrive(service)
        if redrive is None or redrive.done_at is not None:
            return
        with leased(ports, service, turn, name=REDRIVE_LEASE) as lease:
            until = min(ports.clock() + STEP * turn, deadline)
            _Step(ports, managed, max(HIDDEN * turn, LEAST)).work(redrive, lease, until)
    except (LeaseHeld, LeaseLost, Replaced) as error:
        logger.info("redrive left alone", managed=service, reason=str(error))
    except AwsUnavailable as error:
        logger.warning("redrive left to the next turn", managed=service, reason=str(error))
    except Exception as error:  # noqa: BLE001 - a service's redrive must not stop another service's turn
        logger.error("redrive failed", extra={"managed": service, **defect_of(error)})


class Replaced(ServiceError):
    """A newer order has taken this redrive's place."""


class Stays(StrEnum):
    """Why a letter does not go back."""

    PASSED_OVER = "passed_over"
    HELD_BACK = "held_back"


class _Step:
    """One step for one service; `hidden` is for how many seconds a letter is ours."""

    def __init__(self, ports: Ports, managed: Managed, hidden: float) -> None:
        self._ports, self._managed, self._hidden = ports, managed, hidden
        self._source = managed.dead_letter_queue

    def work(self, redrive: Redrive, lease: Lease, until: float) -> None:
        """Goes through letters until the time is over; after each ten it notes how far it is."""
        ports = self._ports
        while True:
            over = redrive.remaining == 0 or ports.clock() >= redrive.until
            letters = [] if over else ports.letters.receive(self._source, self._hidden)
            redrive = self._decide(redrive, letters)
            redrive = replace(redrive, done_at=ports.clock()) if over else redrive
            redrive = self._paced(redrive, found=bool(letters))
            lease.keep()
            self._note(redrive)
            if redrive.done_at is not None:
                self._report(redrive)
                return
            if not letters or ports.clock() >= until:
                return

    def _note(self, redrive: Redrive) -> None:
        if not self._ports.records.update_redrive(self._managed.service, redrive):
            raise Replaced("a newer one was ordered")

    def _paced(self, redrive: Redrive, *, found: bool) -> Redrive:
        """The redrive, ended if nothing more can come.

        One receive without a letter proves nothing: a step that crashed has left some hidden, and
        so has a redrive that left them. It ends where none came for as long as those are hidden,
        or where the queue is empty.
        """
        if found:
            return replace(redrive, quiet_since=None)
        if redrive.done_at is not None:
            return redrive
        now = self._ports.clock()
        quiet_since = now if redrive.quiet_since is None else redrive.quiet_since
        empty = self._ports.queues.counts(self._source).total == 0
        none_hidden = now - quiet_since > self._hidden and now > redrive.waits_until
        done_at = now if empty or none_hidden else None
        return replace(redrive, quiet_since=quiet_since, done_at=done_at)

    def _decide(self, redrive: Redrive, letters: list[Letter]) -> Redrive:
        """Sends letters back or lays them aside; the redrive as it stands after that.

        SQS gives no letter of a customer while another of his is hidden. So those that stay are
        shown again at once for as long as some behind them go back.
        """
        went: set[str] = set()
        stay: list[tuple[Letter, Stays]] = []
        for letter in letters:
            if redrive.remaining == 0:
                self._ports.letters.hide(self._source, letter, 0)
                continue
            redrive, stays = self._handled(redrive, letter)
            if stays is None:
                went.add(letter.group)
            else:
                stay.append((letter, stays))
        for letter, stays in stay:
            if letter.group in went:
                self._ports.letters.hide(self._source, letter, 0)
                continue
            self._ports.letters.hide(self._source, letter, ASIDE * self._hidden)
            aside_until = self._ports.clock() + ASIDE * self._hidden
            redrive = replace(redrive, aside_until=aside_until)
            if stays is Stays.HELD_BACK:
                redrive = replace(redrive, held_back=redrive.held_back + 1)
            else:
                redrive = replace(redrive, passed_over=redrive.passed_over + 1)
        return redrive

    def _handled(self, redrive: Redrive, letter: Letter) -> tuple[Redrive, Stays | None]:
        """The redrive after this letter; and why it stays, where it does."""
        stays = self._stays(redrive, letter)
        if stays is not None:
            return redrive, stays
        left = None if redrive.remaining is None else redrive.remaining - 1
        counted = replace(redrive, moved=redrive.moved + 1, remaining=left)
        if left is not None:
            # Before it goes: whatever breaks then, no more go back than were asked for.
            self._note(counted)
        if not self._sent_back(redrive, letter):
            return redrive, Stays.PASSED_OVER
        return counted, None

    def _stays(self, redrive: Redrive, letter: Letter) -> Stays | None:
        """Why a letter is not to go back, where it is not."""
        service = self._managed.service
        if not _selected(redrive, letter):
            return Stays.PASSED_OVER
        if not redrive.force and self._ports.precedence.overtaken(service, letter):
            logger.info("held back, a later one is completed", managed=service, letter=letter.id)
            return Stays.HELD_BACK
        return None

    def _sent_back(self, redrive: Redrive, letter: Letter) -> bool:
        """Sends one letter back; False where SQS will never take it."""
        ports, service = self._ports, self._managed.service
        try:
            ports.letters.send_back(self._managed.queue, letter, redrive_id=letter.id)
        except AwsRefused as error:
            # It will be refused each time, and must not keep those behind it.
            logger.error("cannot go back", managed=service, letter=letter.id, reason=str(error))
            return False
        ports.letters.delete(self._source, letter)
        logger.info("redriven", managed=service, letter=letter.id, operator=redrive.operator)
        return True

    def _report(self, redrive: Redrive) -> None:
        service = self._managed.service
        told = RedriveNotice(
            service=service,
            operator=redrive.operator,
            moved=redrive.moved,
            held_back=redrive.held_back,
            passed_over=redrive.passed_over,
        )
        logger.info("redrive ended", managed=service, told=msgspec.to_builtins(told))
        self._ports.notifications.publish(f"{service}: {redrive.moved} redriven", told)


def _selected(redrive: Redrive, letter: Letter) -> bool:
    if letter.sent_at > redrive.at:
        # It was sent back and failed again: without this, a letter that cannot succeed goes round
        # for as long as the redrive lasts.
        return False
    if redrive.ids and claimed(opened(letter.body)[0]).message_id not in redrive.ids:
        return False
    reason = _reason(letter)
    return redrive.end in (None, reason.get("end")) and redrive.code in (None, reason.get("code"))


def _reason(letter: Letter) -> dict[str, Any]:
    """Why it is here; empty where SQS itself moved it after too many receives."""
    text = letter.attributes.get("reason", {}).get("StringValue", "{}")
    try:
        reason = json.loads(text)
    except ValueError:
        return {}
    return reason if isinstance(reason, dict) else {}
