"""Each image has a bill of materials of its own."""

import hashlib
import json
import re
from functools import cache

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tools.sbom import LOCKED, ROOT, Bom, of_image, packages, services

every_service = pytest.mark.parametrize("service", services())


@cache
def bom(service: str) -> Bom:
    return of_image(service, locked())


@cache
def locked() -> Bom:
    return packages()


def of_type(service: str, kind: str) -> dict[str, Bom]:
    return {part["name"]: part for part in bom(service)["components"] if part["type"] == kind}


def test_every_service_that_is_built_has_one() -> None:
    built = {path.parent.name.replace("_", "-") for path in (ROOT / "handlers").glob("*/app.py")}

    assert set(services()) == built


def test_it_is_cyclonedx() -> None:
    text = json.dumps(bom(services()[0]))

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


@every_service
def test_it_names_its_image(service: str) -> None:
    assert bom(service)["metadata"]["component"]["name"] == service


@every_service
def test_it_names_every_locked_package_in_its_version(service: str) -> None:
    pins = dict(re.findall(r"^([\w.-]+)==(\S+)", LOCKED.read_text(), re.MULTILINE))

    assert {name: part["version"] for name, part in of_type(service, "library").items()} == pins


@every_service
def test_it_names_the_base_image_by_the_digest_that_is_built_on(service: str) -> None:
    (base,) = of_type(service, "container").values()
    pinned = f"{base['name']}:{base['version']}@sha256:{base['hashes'][0]['content']}"

    assert pinned in (ROOT / "handlers" / "Dockerfile").read_text()


@every_service
def test_it_has_the_files_of_its_own_service_and_of_no_other(service: str) -> None:
    files = of_type(service, "file")
    folders = {name.split("/")[1] for name in files if name.count("/") > 1}

    assert folders == {"common", service.replace("-", "_")}
    for name, part in files.items():
        digest = hashlib.sha256((ROOT / name).read_bytes()).hexdigest()
        assert part["hashes"] == [{"alg": "SHA-256", "content": digest}]
