"""Build and push by a real engine into a real registry; the provider between them is ours."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3

from local.emulator import Emulator
from local.engine.place import Place
from local.engine.workspace import lay_out
from local.packages import install
from local.resources.building import MANIFEST
from tests.absent import absent
from tests.docker.docker_commands import SERVICES, docker
from tests.engine.project import ROOT, Project

RECORDER = """#!/bin/sh
echo "$@" >> '{calls}'
exec {docker} "$@"
"""


class Registry:
    """Debian's docker-registry, on a free port."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("docker-registry") is None:
            install("docker-registry")
        with (folder / "registry.log").open("w") as log:
            settings = folder / "registry.yml"
            settings.write_text(
                "version: 0.1\nlog: {level: warn}\nhttp: {addr: '127.0.0.1:0'}\n"
                f"storage: {{filesystem: {{rootdirectory: {folder}/images}}}}\n"
            )
            address = free_address()
            self._process = subprocess.Popen(
                ["docker-registry", "serve", str(settings)],
                env={**os.environ, "REGISTRY_HTTP_ADDR": address},
                stdout=log,
                stderr=log,
            )
        self.address = address
        end = time.monotonic() + 10
        while not self._answers():
            assert time.monotonic() < end, (folder / "registry.log").read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()

    def forget(self) -> None:
        """Remove from the engine what was tagged for this registry."""
        listed = docker("images", "--format", "{{.Repository}}:{{.Tag}}").splitlines()
        docker("rmi", *(name for name in listed if name.startswith(self.address)))

    def tags(self, repository: str) -> list[str]:
        """The tags of a repository."""
        return self._get(f"{repository}/tags/list").json().get("tags") or []

    def holds(self, repository: str, digest: str) -> bool:
        """Whether the registry has an image with this digest."""
        return self._get(f"{repository}/manifests/{digest}").status == 200

    def _get(self, path: str) -> urllib3.BaseHTTPResponse:
        address = f"http://{self.address}/v2/{path}"
        return urllib3.request("GET", address, headers={"Accept": MANIFEST}, retries=False)

    def _answers(self) -> bool:
        try:
            return self._get("").status == 200
        except urllib3.exceptions.HTTPError:
            return False


def free_address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@dataclass(frozen=True, kw_only=True)
class Pushing:
    """A stack whose images go to the registry, and what Docker was asked for."""

    project: Project
    registry: Registry
    emulator: Emulator
    calls: Path

    def asked(self) -> list[str]:
        """What Docker was asked for since the last look, the first word of each."""
        lines = self.calls.read_text().splitlines() if self.calls.exists() else []
        self.calls.unlink(missing_ok=True)
        return sorted(line.split()[0] for line in lines)

    def image(self, service: str) -> tuple[str, str]:
        """Repository and digest of what the function runs."""
        name = f"utility-customer-system-local-{service}"
        client = self.emulator.session().client("lambda")
        uri = client.get_function(FunctionName=name)["Code"].get("ImageUri", "")
        repository, _, digest = uri.partition("/")[2].partition("@")
        return repository, digest


@pytest.fixture(scope="module")
def pushing(base: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pushing]:
    """The first update: every image is built and pushed."""
    if not Place(root=ROOT).pulumi.exists():
        absent("there is no Pulumi engine: make engine builds or finds one")
    folder = tmp_path_factory.mktemp("push")
    with ExitStack() as ended:
        registry = Registry(folder)
        ended.callback(registry.stop)
        # The large layer goes once and ahead; each push of an image then mounts it.
        docker("tag", base, f"{registry.address}/base")
        docker("push", "--quiet", f"{registry.address}/base")
        ended.callback(registry.forget)
        emulator = ended.enter_context(Emulator.start(folder))
        calls = folder / "docker-calls"
        recorder = folder / "bin" / "docker"
        recorder.parent.mkdir()
        recorder.write_text(RECORDER.format(calls=calls, docker=shutil.which("docker")))
        recorder.chmod(0o755)
        project = RecordedProject(
            source=lay_out(ROOT, folder / "source"),
            folder=folder / "stack",
            stack="local",
            environment={**emulator.environment(), "LOCAL_REGISTRY": registry.address},
            settings={"baseImage": base},
            first_on_path=recorder.parent,
        )
        project.init()
        pushing = Pushing(project=project, registry=registry, emulator=emulator, calls=calls)
        project.up()
        yield pushing


@dataclass(frozen=True, kw_only=True)
class RecordedProject(Project):
    """A project whose engine finds our `docker` first."""

    first_on_path: Path

    @property
    def command_environment(self) -> dict[str, str]:
        environment = super().command_environment
        path = f"{self.first_on_path}{os.pathsep}{environment['PATH']}"
        return {**environment, "PATH": path}


def test_each_image_is_built_and_pushed_once_and_its_function_runs_it_by_digest(
    pushing: Pushing,
) -> None:
    assert pushing.asked() == ["build"] * 3 + ["push"] * 3
    for service in SERVICES:
        repository, digest = pushing.image(service)
        assert digest.startswith("sha256:")
        assert pushing.registry.holds(repository, digest)
        assert len(pushing.registry.tags(repository)) == 1


def test_an_unchanged_source_builds_nothing_and_changes_nothing(pushing: Pushing) -> None:
    pushing.asked()
    assert pushing.project.up() == {}
    assert pushing.asked() == []


def test_a_changed_source_changes_exactly_its_function_once_it_is_not_only_previewed(
    pushing: Pushing,
) -> None:
    pushing.asked()
    before = {service: pushing.image(service) for service in SERVICES}
    source = pushing.project.program / "handlers/payment_processing/payments.py"
    source.write_text(source.read_text() + "\nCHANGED = True\n")
    own = {"Image payment-processing-image", "Function payment-processing-function"}
    assert set().union(*pushing.project.preview().values()) == own
    assert pushing.asked() == []
    assert set().union(*pushing.project.up().values()) == own
    assert pushing.asked() == ["build", "push"]
    after = {service: pushing.image(service) for service in SERVICES}
    assert {service for service in SERVICES if after[service] != before[service]} == {
        "payment-processing"
    }
    repository, digest = after["payment-processing"]
    assert pushing.registry.holds(repository, digest)
    assert pushing.registry.holds(*before["payment-processing"]), "there is no way back"


def test_the_way_back_builds_nothing_and_changes_one_function(pushing: Pushing) -> None:
    running = pushing.image("payment-processing")
    pushing.project.edit(
        "handlers/payment_processing/payments.py", "LONGEST_WAIT = 24", "LONGEST_WAIT = 23"
    )
    pushing.project.up()
    newer = pushing.image("payment-processing")
    assert newer != running
    pushing.asked()
    pushing.project.reset(images={"payment-processing": running[1]})
    changes = {
        "update": {"Function payment-processing-function"},
        "delete": {"Image payment-processing-image"},
    }
    assert pushing.project.preview() == pushing.project.up() == changes
    assert pushing.image("payment-processing") == running
    assert pushing.asked() == []
    assert pushing.registry.holds(*newer), "there is no way forward again"


def test_what_docker_says_of_a_build_that_fails_is_what_the_engine_says(pushing: Pushing) -> None:
    recipe = pushing.project.program / "handlers/Dockerfile"
    text = recipe.read_text()
    recipe.write_text(text.replace("python3 -m compileall", "no-such-program"))
    try:
        assert "no-such-program" in pushing.project.refused_up("--skip-preview")
    finally:
        recipe.write_text(text)
