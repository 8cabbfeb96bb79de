"""What one invocation did, as one line of embedded metrics at its end."""

from collections import Counter
from decimal import Decimal

from handlers.common.telemetry import emit

MOST_VALUES = 100
"""Of one metric in a line. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html"""


class Tally:
    """Counts and times since the last flush."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.latencies: list[float] = []
        self.ages: list[float] = []
        self.money = Decimal(0)

    def add(self, name: str, number: int = 1) -> None:
        """Counts something, e.g. `add("Completed")`."""
        self.counts[name] += number

    def paid(self, amount: Decimal) -> None:
        """Money that was processed."""
        self.money += amount

    def ended_after(self, seconds: float) -> None:
        """A message came to its end so long after it was sent, with the bank up all the while."""
        if len(self.ages) < MOST_VALUES:
            self.ages.append(round(max(seconds, 0.0), 3))

    def bank(self, status: int | None, seconds: float) -> None:
        """One request to the bank; the status is None where no answer came."""
        self.add("BankStatusNone" if status is None else f"BankStatus{status // 100}xx")
        if len(self.latencies) < MOST_VALUES:
            self.latencies.append(round(seconds * 1000, 3))

    def flush(self) -> None:
        """Writes what there is, and begins anew."""
        metrics: dict[str, tuple[float | list[float], str]] = {
            name: (number, "Count") for name, number in self.counts.items() if number
        }
        if self.latencies:
            metrics["BankLatency"] = (self.latencies, "Milliseconds")
        if self.ages:
            metrics["TimeToEnd"] = (self.ages, "Seconds")
        if self.money:
            metrics["MoneyProcessed"] = (float(self.money), "None")
        self.counts, self.money = Counter(), Decimal(0)
        self.latencies, self.ages = [], []
        if metrics:
            emit(metrics)


tally = Tally()
"""Of this process: it works one invocation at a time."""
