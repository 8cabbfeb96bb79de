"""Where the pages point to."""

import re
from pathlib import Path

import pytest

from tests.unit.docs.pages import ROOT, name, pages, prose, spans

LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FILE = re.compile(r"[\w.-]+(?:/[\w.-]+)+\.(?:py|md|yaml|yml|json|jsonl|toml|txt|png)")
BARE = re.compile(r"[\w.-]+\.(?:py|md|yaml|yml|json|toml|txt)")
OF_OTHERS = {"base.py"}
"""Powertools'."""

PLACED = re.compile(r"`([A-Za-z_][\w.]*)`(?:\s+(?:in|of)\s+|\s+\()`([\w./-]+/[\w.-]+)`")
"""What a page says stands in a file, as in: `Name` in `folder/file.py`."""


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives to a page's headings."""
    seen: dict[str, int] = {}
    found: set[str] = set()
    for heading in HEADING.findall(prose(page)):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
        number = seen.get(slug, 0)
        seen[slug] = number + 1
        found.add(f"{slug}-{number}" if number else slug)
    return found


def dead_links(page: Path) -> list[str]:
    """The links that lead nowhere within the project."""
    dead: list[str] = []
    for link in LINK.findall(prose(page)):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    return dead


@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_link_leads_to_a_file_and_a_heading_that_exist(page: Path) -> None:
    assert dead_links(page) == []


@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_file_of_the_project_that_a_page_names_exists(page: Path) -> None:
    named = [Path(span) for span in spans(page) if FILE.fullmatch(span)]
    missing = [
        path
        for path in named
        for folder in (ROOT, page.parent)
        if (folder / path.parts[0]).is_dir() and not (folder / path).exists()
    ]
    assert missing == []


def test_every_file_that_a_page_names_without_its_folder_exists() -> None:
    roots = [path for path in ROOT.iterdir() if path.name[0] != "." or path.name == ".github"]
    there = {path.name for root in roots for path in (root, *root.rglob("*"))}
    named = {span for page in pages() for span in spans(page) if BARE.fullmatch(span)}
    assert named - there == OF_OTHERS


def misplaced(text: str) -> list[tuple[str, str]]:
    """Names that the file in which a page places them does not have."""
    return [
        (placed, file)
        for placed, file in PLACED.findall(text)
        if (ROOT / file).is_file()
        and not re.search(rf"\b{placed.rpartition('.')[2]}\b", (ROOT / file).read_text())
    ]


@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_name_that_a_page_places_in_a_file_stands_there(page: Path) -> None:
    assert misplaced(prose(page)) == []


def test_a_name_that_stands_elsewhere_is_found() -> None:
    text = "`Names` in `components/names.py`, and `Nobody.wrote_it` (`components/names.py`)"
    assert misplaced(text) == [("Nobody.wrote_it", "components/names.py")]


@pytest.mark.parametrize("link", ["absent.md", "#absent", "there.md#absent"])
def test_a_link_that_leads_nowhere_is_found(tmp_path: Path, link: str) -> None:
    (tmp_path / "there.md").write_text("# A: heading\n")
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n[dead]({link}) [well](there.md#a-heading) [own](#page)\n")
    assert dead_links(page) == [link]


def test_every_page_is_found_from_the_readme() -> None:
    start = ROOT / "README.md"
    reached, ahead = {start}, [start]
    while ahead:
        page = ahead.pop()
        links = (link.partition("#")[0] for link in LINK.findall(prose(page)))
        targets = {(page.parent / link).resolve() for link in links if link.endswith(".md")}
        ahead += targets - reached
        reached |= targets
    assert {name(page) for page in pages()} == {name(page) for page in reached}
