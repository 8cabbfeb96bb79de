"""A bill for a million transactions."""

from dataclasses import replace
from math import isclose

from bench.cost import Need, bill, total
from components.configuration import read_settings
from components.services import SERVICES, sized
from tests.unit.components.harness import configuration, graph

DAY = 86_400
WITHOUT = Need(
    subscriptions=0,
    seconds=0,
    writes=0,
    indexes=0,
    logged=0,
    traced=0,
    archive_days=0,
    ledger_days=0,
    log_days=0,
)
"""It is published, archived, queued, and an invocation is made."""


def dollars(need: Need, what: str) -> float:
    (line,) = [each for each in bill(need) if each.what.startswith(what)]
    return line.dollars


def test_a_line_is_its_amount_times_its_price() -> None:
    assert dollars(WITHOUT, "SNS: published") == 2 * 0.30
    assert dollars(replace(WITHOUT, batch=1), "SQS") == 3 * 0.50
    assert isclose(dollars(replace(WITHOUT, seconds=0.2, memory=0.5), "Lambda: 0.2 s"), 1.66667)
    assert dollars(replace(WITHOUT, writes=2, indexes=1), "DynamoDB: write units") == 4 * 0.625
    assert dollars(replace(WITHOUT, ledger_days=60), "DynamoDB: ledger") == 2 * 0.25
    assert dollars(replace(WITHOUT, logged=1_000), "CloudWatch: logs taken in") == 0.50


def test_the_whole_is_the_sum_of_the_lines() -> None:
    assert total(Need()) == sum(line.dollars for line in bill(Need()))


def test_it_is_reckoned_with_what_prod_is_like() -> None:
    values = configuration("prod").values
    settings = read_settings("prod", values["aws:region"], values)
    (payments,) = [each for each in SERVICES if each.name == "payment-processing"]
    need, stack = Need(), graph("prod")
    topic = "utility-customer-system-prod-transaction-processing.fifo"
    subscribed = [
        each for each in stack.all("TopicSubscription") if topic in str(each.inputs["topic"])
    ]
    assert need.subscriptions == len(subscribed)
    assert need.batch == sized(payments, settings.services).batch_size
    assert need.memory == sized(payments, settings.services).memory / 1024
    assert need.archive_days == settings.topic_archive_days
    assert need.ledger_days == settings.ledger_retention / DAY
    assert need.log_days == settings.log_retention_days
    (ledger,) = [each for each in stack.all("Table") if "ledger" in each.inputs["name"]]
    assert need.indexes == len(ledger.inputs["globalSecondaryIndexes"])
