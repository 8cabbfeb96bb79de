"""A job's identity for Pulumi Cloud; GitHub and the engine are played."""

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest

from tools.login import LoginError, log_in

PULUMI = """#!/bin/sh
echo "$@" > {said}
for word in "$@"; do case "$word" in file://*) cat "${{word#file://}}" > {token};; esac; done
exit {status}
"""


class GitHub(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        known = self.headers["Authorization"] == "Bearer of-the-job"
        (audience,) = parse_qs(urlparse(self.path).query)["audience"]
        self.send_response(200 if known else 401)
        self.end_headers()
        self.wfile.write(json.dumps({"value": f"token for {audience}"}).encode())


@pytest.fixture(scope="module")
def github() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), GitHub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/token?api-version=2.0"
    server.shutdown()
    server.server_close()


@pytest.fixture
def job(github: str) -> dict[str, str]:
    return {
        "PULUMI_ORGANIZATION": "ours",
        "ACTIONS_ID_TOKEN_REQUEST_URL": github,
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of-the-job",
    }


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an engine that writes down what it is asked."""
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    engine(tmp_path, status=0)
    return tmp_path


def engine(folder: Path, status: int) -> None:
    program = folder / "pulumi"
    program.write_text(PULUMI.format(said=folder / "said", token=folder / "token", status=status))
    program.chmod(0o755)


def test_the_engine_logs_in_with_a_token_for_the_organization_alone(
    job: dict[str, str], pulumi: Path
) -> None:
    log_in(job)
    assert (pulumi / "token").read_text() == "token for urn:pulumi:org:ours"
    assert "--oidc-org ours" in (pulumi / "said").read_text()


def test_the_token_is_on_no_command_line_and_in_no_file_afterwards(
    job: dict[str, str], pulumi: Path
) -> None:
    log_in(job)
    said = (pulumi / "said").read_text()
    (file,) = [word.removeprefix("file://") for word in said.split() if word.startswith("file://")]
    assert "token for" not in said
    assert not Path(file).exists()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"PULUMI_ORGANIZATION": ""}, "PULUMI_ORGANIZATION is missing"),
        ({"ACTIONS_ID_TOKEN_REQUEST_TOKEN": "somebody-elses"}, "GitHub refused a token: 401"),
        ({"ACTIONS_ID_TOKEN_REQUEST_URL": "http://127.0.0.1:1/?a=b"}, "GitHub does not answer"),
    ],
)
@pytest.mark.usefixtures("pulumi")
def test_why_a_job_cannot_log_in_is_said(
    job: dict[str, str], change: dict[str, str], why: str
) -> None:
    with pytest.raises(LoginError, match=why):
        log_in({**job, **change})


@pytest.mark.usefixtures("pulumi")
def test_what_is_no_job_is_told_which_permission_is_missing() -> None:
    with pytest.raises(LoginError, match="id-token: write"):
        log_in({"PULUMI_ORGANIZATION": "ours"})


def test_a_refusal_by_pulumi_cloud_ends_the_job(job: dict[str, str], pulumi: Path) -> None:
    engine(pulumi, status=1)
    with pytest.raises(LoginError, match="could not log in"):
        log_in(job)
