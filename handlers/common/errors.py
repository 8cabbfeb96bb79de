"""Every error of the handlers, told apart by type.

ServiceError
├── SettingsError          the environment of the function is wrong: it does not start
├── Rejection              final; never retried: the message or the bank says no
│   ├── InvalidMessage     it cannot be read, or breaks the contract
│   ├── IdReused           the same message id came before with another body
│   └── BankRejection      the bank said 400, 402, 422 or a business code
├── Deferred               handed back
│   ├── OwnFailure         the message's own: counted against it, unlike all the others
│   ├── CircuitOpen        the gate is closed: nothing was called
│   ├── Busy               another carrier of the same message is at work
│   ├── Suspected          a probe's message on which alone the bank breaks
│   ├── OutOfTime          too little time left in this invocation to start it
│   ├── Waiting            the customer's account is not on file yet, and we wait for it
│   └── Failing            the circuit hears of it
│       ├── BankUnavailable    5xx, 408, 425, 429, 409 in flight, timeout, refused connection
│       ├── Misconfigured      401, 403, 404, 405, 3xx: it is we who are wrong
│       │   └── LedgerReplaced     the ledger is another table than before (ledger/guard.py)
│       └── AwsUnavailable     DynamoDB, SNS, SQS, KMS or Secrets Manager failed
│           └── AwsRefused     it says that the request itself is wrong: a defect of ours
├── OutcomeUnknown         sent, never answered, and the bank can no longer say
└── Crashed                the invocation fails by a defect that is no message's
"""

from enum import StrEnum


class Cause(StrEnum):
    """Why a circuit is not closed."""

    UNAVAILABLE = "unavailable"
    SLOW = "slow"
    MISCONFIGURED = "misconfigured"
    AWS = "aws"
    DEFECT = "defect"
    ALARM = "alarm"
    OPERATOR = "operator"


class ServiceError(Exception):
    """The root of what our handlers raise."""


class SettingsError(ServiceError):
    """An environment variable is missing or wrong.

    Args:
        key: The variable.
        value: What it holds; None if it is missing.
        rule: What it has to be.
    """

    def __init__(self, key: str, value: object, rule: str) -> None:
        self.key, self.value, self.rule = key, value, rule
        found = "is missing" if value is None else f"is {value!r}"
        super().__init__(f"{key} {found}; {rule}")


class Rejection(ServiceError):
    """A final no. `code` is for programs, `detail` for people; neither holds customer data."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code, self.detail = code, detail
        super().__init__(f"{code}: {detail}" if detail else code)


class InvalidMessage(Rejection):
    """The message cannot be read or breaks the contract."""


class IdReused(Rejection):
    """A message id that was used before, with another body."""


class BankRejection(Rejection):
    """The bank understood and said no."""


class Deferred(ServiceError):
    """Not now. `delay` is the seconds the message stays hidden; None lets the worker decide."""

    def __init__(self, detail: str, delay: float | None = None) -> None:
        self.delay = delay
        super().__init__(detail)


class OwnFailure(Deferred):
    """The message's own failure: tried again later, and counted.

    Args:
        code: What it was, for programs.
        delay: Seconds until the next try.
        since: When the message's own failures began (epoch seconds).
        counted: How many of them count so far.
    """

    def __init__(self, code: str, delay: float, *, since: float, counted: int) -> None:
        self.since, self.counted = since, counted
        super().__init__(code, delay)


class CircuitOpen(Deferred):
    """The gate is closed; the dependency was not called."""


class Busy(Deferred):
    """The same message is being worked on by another carrier."""


class Suspected(Deferred):
    """The bank breaks on this message and takes others': no candidate for a probe."""


class OutOfTime(Deferred):
    """The invocation ends too soon to start another message."""


class Waiting(Deferred):
    """The bank does not know the account yet, and the settings say to wait for it."""


class Failing(Deferred):
    """A dependency failed; the circuit decides what follows.

    `sent` is False where the request surely never reached the bank, so that nothing can be booked.
    """

    cause = Cause.UNAVAILABLE

    def __init__(self, detail: str, delay: float | None = None, *, sent: bool = False) -> None:
        self.sent = sent
        super().__init__(detail, delay)


class BankUnavailable(Failing):
    """The bank did not do its work: 5xx, 408, 425, 429, in-flight 409, timeout or no connection.

    `status` is the bank's; None where no answer came.
    """

    def __init__(
        self,
        detail: str,
        delay: float | None = None,
        *,
        sent: bool = False,
        status: int | None = None,
    ) -> None:
        self.status = status
        super().__init__(detail, delay, sent=sent)

    @property
    def about_the_message(self) -> bool:
        """Whether this message alone may be the cause: the bank took it and broke on it."""
        return self.sent and (self.status is None or self.status >= 500)  # noqa: PLR2004 - HTTP's


class Misconfigured(Failing):
    """The bank refuses us, not the message: 401, 403, 404, 405 or a redirect."""

    cause = Cause.MISCONFIGURED


class AwsUnavailable(Failing):
    """One of AWS's own services failed or throttled."""

    cause = Cause.AWS


class AwsRefused(AwsUnavailable):
    """AWS works, but does not take this request: whoever can, treats it as a defect of ours."""


class Crashed(ServiceError):
    """Our own code broke where no message can be blamed; names the error's type and no more."""


class OutcomeUnknown(ServiceError):
    """The call was sent, no answer came, and the bank cannot say any more whether it was booked."""
