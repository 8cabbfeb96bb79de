"""Each button does what it says: seen in the system, not in the page."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from local.access import Access, State
from local.queues import depth
from tests.browser.driver import ENTER, TAB, Browser
from tests.waiting import until

PAYMENTS = "payment-processing"


def circuit(access: Access) -> str:
    key: Any = {"service": {"S": PAYMENTS}, "record": {"S": "state"}}
    item = access.dynamodb.get_item(TableName=access.outputs.circuit_table, Key=key).get("Item", {})
    return item.get("state", {}).get("S", "closed")


def mapping(access: Access) -> str:
    name = access.outputs.function_names[PAYMENTS]
    (found,) = access.functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    return found.get("State", "")


def booked(access: Access, customer: str) -> list[str]:
    return [str(b.amount) for b in access.bank.books().bookings if b.customer_id == customer]


def pay(browser: Browser, customer: str, amount: str = "20.00") -> None:
    browser.type("[name=customer]", customer)
    browser.type("[name=amount]", amount)
    browser.click("#send")


def test_send_a_payment_books_it_at_the_bank(browser: Browser, access: Access) -> None:
    pay(browser, "page-cust-1", "20.50")
    until(lambda: booked(access, "page-cust-1") == ["20.50"], "the booking")
    until(lambda: "page-cust-1" in browser.text("#bookings"), "the booking on the page")


def test_send_20_books_one_for_each_of_twenty_customers(browser: Browser, access: Access) -> None:
    browser.click("#burst")
    until(lambda: all(booked(access, f"cust-{n:03d}") for n in range(20)), "twenty bookings")


def test_pause_holds_and_resume_brings_back(browser: Browser, access: Access) -> None:
    browser.click(f"#pause-{PAYMENTS}")
    until(lambda: circuit(access) == "held" and mapping(access) == "Disabled", "the hold")
    until(lambda: browser.text(f"#state-{PAYMENTS}") == "held", "the hold on the page")
    until(
        lambda: browser.run(f"return !document.querySelector('#pause-{PAYMENTS}').disabled"),
        "the button",
    )
    browser.click(f"#resume-{PAYMENTS}")
    until(lambda: circuit(access) in {"half_open", "closed"}, "the ramp")
    until(lambda: mapping(access) == "Enabled", "the mapping")


def test_break_opens_the_circuit_and_heal_closes_it_with_nothing_lost(
    browser: Browser, access: Access
) -> None:
    until(lambda: circuit(access) == "closed", "a closed circuit")
    browser.click("#break")
    until(lambda: [fault.kind for fault in access.bank.faults()] == ["fail"], "the fault")
    pay(browser, "page-cust-2")
    until(lambda: circuit(access) == "open", "the open circuit")
    assert booked(access, "page-cust-2") == []
    browser.click("#heal")
    until(lambda: access.bank.faults() == [], "no fault")
    until(lambda: booked(access, "page-cust-2") == ["20.00"], "the booking")
    until(lambda: circuit(access) == "closed", "the closed circuit")


def test_redrive_sends_dead_letters_back(browser: Browser, access: Access) -> None:
    pay(browser, "page-cust-3", "-1")
    url = access.outputs.dead_letter_queue_urls[PAYMENTS]
    until(lambda: depth(access.sqs, url) == 1, "the dead letter")
    browser.click(f"#redrive-{PAYMENTS}")
    key: Any = {"service": {"S": PAYMENTS}, "record": {"S": "redrive"}}

    def moved() -> bool:
        item = access.dynamodb.get_item(TableName=access.outputs.circuit_table, Key=key)
        return item.get("Item", {}).get("moved", {}).get("N") == "1"

    until(moved, "the redrive")


def test_a_payment_is_sent_by_keyboard_alone(browser: Browser, access: Access) -> None:
    browser.type("[name=amount]", "20.00")
    browser.type("[name=customer]", "page-cust-4")
    browser.press(TAB)
    browser.press(TAB)
    assert browser.run("return document.activeElement.id") == "send"
    browser.press(ENTER)
    until(lambda: booked(access, "page-cust-4") != [], "the booking")
    browser.press(TAB)
    until(lambda: browser.run("return document.activeElement.id") == "burst", "the next button")


def test_everything_that_can_be_used_has_a_name(browser: Browser) -> None:
    nameless = browser.run(
        "return [...document.querySelectorAll('button,input,select')].filter(e =>"
        " !(e.textContent.trim() || e.labels?.length || e.getAttribute('aria-label')))"
        ".map(e => e.outerHTML)"
    )
    assert nameless == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Local-Page": "1", "Host": "evil.example"},
        {"Content-Type": "text/plain", "Origin": "http://evil.example"},
    ],
)
def test_another_site_can_press_no_button(running: State, headers: dict[str, str]) -> None:
    place = urlsplit(running.page_url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port)
    try:
        connection.request("POST", "/act", json.dumps({"act": "burst"}), headers)
        assert connection.getresponse().status == 403
    finally:
        connection.close()
