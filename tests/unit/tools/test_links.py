"""Links out of the project, against pages that are played."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import urllib3

from tools import links
from tools.links import ROOT, checked, found, sources

PAGES = {"/there": '<h1 id="chapter">', "/quoted": "<a name='user-content-chapter'>"}


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(301)
            self.send_header("Location", "/there")
        else:
            self.send_response(200 if self.path in PAGES else 404)
        self.end_headers()
        self.wfile.write(PAGES.get(self.path, "").encode())


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("path", ["/there", "/moved", "/there#chapter", "/quoted#chapter"])
def test_a_page_that_is_there_and_has_the_chapter_is_well(site: str, path: str) -> None:
    assert list(checked({site + path: ("page.md",)})) == []


@pytest.mark.parametrize(
    ("path", "why"),
    [("/absent", "the answer is 404"), ("/there#absent", "the page has no absent")],
)
def test_a_link_that_leads_nowhere_is_named_with_its_files(site: str, path: str, why: str) -> None:
    (dead,) = checked({site + path: ("page.md", "code.py"), f"{site}/there": ("page.md",)})
    assert (dead.address, dead.why, dead.files) == (site + path, why, ("page.md", "code.py"))


def test_a_site_that_does_not_answer_is_dead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(links, "TRIES", urllib3.Retry(0))
    (dead,) = checked({"http://127.0.0.1:1/": ("page.md",)})
    assert "refused" in dead.why


def test_without_the_internet_it_says_so_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(_: object) -> dict[str, tuple[str, ...]]:
        return {f"http://127.0.0.1:1/{n}": ("page.md",) for n in range(3)}

    monkeypatch.setattr(links, "TRIES", urllib3.Retry(0))
    monkeypatch.setattr(links, "found", nowhere)
    with pytest.raises(SystemExit, match="none of 3 pages answers; they need the internet"):
        links.main()


def test_links_are_found_in_prose_and_in_code_without_what_ends_a_sentence(tmp_path: Path) -> None:
    page, code = tmp_path / "page.md", tmp_path / "code.py"
    page.write_text("See [it](https://docs.python.org/3/x.html#y), and `https://bank.example.com`.")
    code.write_text(
        '"""A rule. https://docs.python.org/3/x.html#y"""\nURL = "https://sqs.{region}"'
    )
    assert found([page, code]) == {"https://docs.python.org/3/x.html#y": ("code.py", "page.md")}


def test_every_folder_of_the_project_is_looked_at_but_its_tests() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in sources(ROOT)}
    tracked = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "."}
    assert tracked - folders <= {"tests", "requirements"}
