"""A bank behind real HTTP that answers as it is told to, and the key for it."""

from typing import Any

from handlers.common.bank.client import BankRequest, HttpBank
from handlers.common.bank.key import BankKey

REQUEST = BankRequest("/v1/payments", {"customer_id": "c1"}, {"X-Correlation-Id": "corr"})
KEY = "payment-processing#m1"


class Script:
    """What the server answers, in order; an int waits so many seconds, None cuts."""

    def __init__(self) -> None:
        self.answers: list[Any] = []
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.connections = 0


class Secrets:
    """Secrets Manager: the last of its keys again and again."""

    def __init__(self, *keys: str) -> None:
        self.keys = list(keys)
        self.reads = 0

    def get_secret_value(self, SecretId: str) -> dict[str, str]:  # noqa: N803 - AWS's own
        assert SecretId == "secret"
        self.reads += 1
        return {"SecretString": self.keys.pop(0) if len(self.keys) > 1 else self.keys[0]}


def bank_at(url: str, secrets: Secrets | None = None, **settings: Any) -> HttpBank:  # noqa: ANN401 - passed on
    client: Any = secrets or Secrets("key-1")
    timeouts: dict[str, Any] = {"connect_timeout": 0.5, "read_timeout": 0.5}
    return HttpBank(url, BankKey(client, "secret"), **timeouts | settings)


def hang_up(bank: HttpBank) -> None:
    vars(bank)["_http"].clear()


def answers(script: Script, status: int, content: object = None, **headers: str) -> None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    script.answers.append((status, content if content is not None else {}, named))
