"""The example of the page on adding a service."""

from components.grants import Grant
from components.names import Names
from components.services import Service
from tests.unit.docs.pages import ROOT, fenced

PAGE = ROOT / "docs" / "adding-a-service.md"


def test_the_example_of_a_grant_is_one() -> None:
    (example,) = [text for language, text in fenced(PAGE) if language == "python"]
    service: Service = eval(example, {"Service": Service, "Grant": Grant})  # noqa: S307 - our own page

    (grant,) = service.grants(Names(stack="dev", account="111122223333", region="us-east-2"))

    assert grant.statement()["Resource"] == ["arn:aws:dynamodb:us-east-2:111122223333:table/meters"]
