"""The example of the page on adding a service."""

from components.grants import Grant, only_keys
from components.names import Names
from components.services import Service
from tests.unit.docs.pages import ROOT, fenced

KNOWN = {"Service": Service, "Grant": Grant, "only_keys": only_keys}
PAGE = ROOT / "docs" / "adding-a-service.md"


def test_the_example_of_a_grant_is_one() -> None:
    (example,) = [text for _, text in fenced(PAGE) if text.startswith("Service(")]
    service: Service = eval(example, KNOWN)  # noqa: S307 - our own page

    (grant,) = service.grants(Names(stack="dev", account="111122223333", region="us-east-2"))

    assert grant.statement()["Resource"] == ["arn:aws:dynamodb:us-east-2:111122223333:table/meters"]
