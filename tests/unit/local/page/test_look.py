import pytest

from components.services import SERVICES
from local.page.look import service_of


@pytest.mark.parametrize("service", [*(service.name for service in SERVICES), "meter-reading"])
def test_a_call_of_the_bank_is_counted_for_whichever_service_asked(service: str) -> None:
    assert service_of(f"{service}#m-1") == service
