"""What one invocation did, as one line of embedded metrics at its end."""

from collections import Counter, defaultdict
from decimal import Decimal

from handlers.common.telemetry.logs import emit

MOST_VALUES = 100
"""Of one metric in a line. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html"""


UNITS = {"BankLatency": "Milliseconds", "TimeToEnd": "Seconds", "DetectionTime": "Seconds"}


class Tally:
    """Counts and times since the last flush."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.times: defaultdict[str, list[float]] = defaultdict(list)
        self.money = Decimal(0)

    def add(self, name: str, number: int = 1) -> None:
        """Counts something, e.g. `add("Completed")`."""
        self.counts[name] += number

    def paid(self, amount: Decimal) -> None:
        """Money that was processed."""
        self.money += amount

    def ended_after(self, seconds: float) -> None:
        """A message came to its end so long after it was sent, with the bank up all the while."""
        self._time("TimeToEnd", seconds)

    def detected(self, seconds: float) -> None:
        """The circuit was opened so long after the first of the failures that opened it."""
        self._time("DetectionTime", seconds)

    def bank(self, status: int | None, seconds: float) -> None:
        """One request to the bank; the status is None where no answer came."""
        self.add("BankStatusNone" if status is None else f"BankStatus{status // 100}xx")
        self._time("BankLatency", seconds * 1000)

    def flush(self) -> None:
        """Writes what there is, and begins anew."""
        metrics: dict[str, tuple[float | list[float], str]] = {
            name: (number, "Count") for name, number in self.counts.items() if number
        }
        metrics |= {name: (values, UNITS[name]) for name, values in self.times.items()}
        if self.money:
            metrics["MoneyProcessed"] = (float(self.money), "None")
        self.counts, self.times, self.money = Counter(), defaultdict(list), Decimal(0)
        if metrics:
            emit(metrics)

    def _time(self, name: str, value: float) -> None:
        if len(self.times[name]) < MOST_VALUES:
            self.times[name].append(round(max(value, 0.0), 3))


tally = Tally()
"""Of this process: it works one invocation at a time."""
