"""The images as they are built, started and called."""

import re
import shutil
from pathlib import Path

import pytest

from local.containers.images import layers, newest_layer, start
from tests.docker.docker_commands import ROOT, SERVICES, Containers, build, docker

ACCOUNT = (
    b'{"customer_id": "test-123", "routing_number": "123456789", "account_number": "987654321"}'
)
LIST = "import os; [print(f'{d}/{n}') for d, s, f in os.walk('/var/task') for n in (*s, *f)]"
PAYMENT = (
    b'{"message_id": "m-1", "customer_id": "test-123", "amount": "120.00", "payment_method": "ach"}'
)


def test_the_first_readmes_request_is_answered_with_an_outcome(
    images: dict[str, str], containers: Containers
) -> None:
    answer = containers.start(images["bank-account-setup"]).invoke(ACCOUNT)
    assert answer.json()["outcome"] == "completed"


def test_a_payment_is_answered_with_its_outcome_and_not_paid_twice(
    images: dict[str, str], containers: Containers
) -> None:
    container = containers.start(images["payment-processing"])
    first, second = container.invoke(PAYMENT).json(), container.invoke(PAYMENT).json()
    assert (first["outcome"], first["duplicate"]) == ("completed", False)
    assert (second["reference"], second["duplicate"]) == (first["reference"], True)


@pytest.mark.parametrize("service", SERVICES)
def test_inside_aws_a_function_without_its_settings_does_not_start(
    images: dict[str, str], containers: Containers, service: str
) -> None:
    answer = containers.start(images[service], AWS_SESSION_TOKEN="of a role").invoke(b"{}")
    said = answer.json()
    assert said["errorType"] == "SettingsError"
    assert re.match(r"[A-Z_]+ is missing; it must", said["errorMessage"])


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_does_not_run_as_root(images: dict[str, str], service: str) -> None:
    assert docker("inspect", "--format", "{{.Config.User}}", images[service]) == "65534:65534"


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_holds_its_service_and_nothing_to_build_or_test_with(
    images: dict[str, str], service: str
) -> None:
    files = docker("run", "--rm", "--entrypoint", "python3", images[service], "-c", LIST)
    present = {Path(line).relative_to("/var/task").as_posix() for line in files.splitlines()}
    own = {path.split("/")[1] for path in present if path.startswith("handlers/")}
    assert own == {"__init__.py", "__pycache__", "common", service.replace("-", "_")}
    unwanted = ("pulumi", "pytest", "moto", "tests", "policy", "components", "pip")
    assert not [path for path in present if path.split("/")[0] in unwanted]
    found = docker(
        *("run", "--rm", "--entrypoint", "sh", images[service], "-c"),
        "command -v gcc cc make || true",
    )
    assert found == ""


def test_a_changed_line_of_a_handler_changes_one_small_layer(
    images: dict[str, str], base: str, tmp_path: Path
) -> None:
    before = layers(images["payment-processing"])
    changed = tmp_path / "context"
    for part in ("handlers", "requirements"):
        shutil.copytree(ROOT / part, changed / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".dockerignore", changed)
    with (changed / "handlers/payment_processing/payments.py").open("a") as source:
        source.write("\nCHANGED = True\n")
    try:
        after = layers(build("payment-processing", base, changed))
    finally:
        build("payment-processing", base)
    assert [old == new for old, new in zip(before, after, strict=True)].count(False) == 1
    assert before[:-1] == after[:-1]
    assert newest_layer("payment-processing-test") < 100_000


def test_a_start_is_over_with_the_first_answer(images: dict[str, str]) -> None:
    found = start(images["payment-processing"], PAYMENT)
    assert 0 < found.function < found.whole
