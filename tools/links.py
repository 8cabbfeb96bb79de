"""`python -m tools.links`: whether every page that the project points to is still there.

Links within the project are looked at by the tests; these need the internet.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urldefrag

import urllib3

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (
    ".github",
    "bench",
    "bootstrap",
    "components",
    "control",
    "docs",
    "handlers",
    "local",
    "policy",
)
"""And `tools`, and what lies beside them; tests have addresses that lead nowhere on purpose."""

KINDS = {".md", ".py", ".yaml", ".yml", ".json", ".toml"}
NAMES = {"Makefile", "Dockerfile"}
ADDRESS = re.compile(r"https://[a-z][\w-]*(?:\.[\w-]+)*\.[a-z]{2,}(?:/[\w./#?=&%~+:@-]*[\w/])?")
NO_PAGE = re.compile(
    r"https://(?:(?:[\w-]+\.)*example(?:\.com)?(?![\w.])|github\.com/example/|[\w.-]+\.(?:invalid|amazonaws\.com)"
    r"|json\.schemastore\.org)"
)
"""Endpoints, placeholders and names: nobody is to open them."""

TIMEOUT = 30
TRIES = urllib3.Retry(4, connect=1, backoff_factor=2, status_forcelist=(429, 500, 502, 503, 504))
AT_ONCE = 8


@dataclass(frozen=True, kw_only=True)
class Dead:
    """A link that leads nowhere, why, and the files in which it stands."""

    address: str
    why: str
    files: tuple[str, ...]


def main() -> int:
    """Fetches every page once, and names the links that are dead."""
    links = found(sources(ROOT))
    dead = list(checked(links))
    if len(dead) == len(links):
        sys.exit(f"make links: none of {len(links)} pages answers; they need the internet")
    for link in dead:
        sys.stdout.write(f"{link.address}\n    {link.why}; {', '.join(link.files)}\n")
    sys.stdout.write(f"{len(links)} links out of the project, {len(dead)} dead\n")
    return 1 if dead else 0


def sources(root: Path) -> list[Path]:
    """The files whose links people follow."""
    places = [root.glob("*"), *((root / folder).rglob("*") for folder in (*FOLDERS, "tools"))]
    return sorted(
        path for place in places for path in place if path.suffix in KINDS or path.name in NAMES
    )


def found(files: Iterable[Path]) -> dict[str, tuple[str, ...]]:
    """Every address of a page, and the files in which it stands."""
    links: dict[str, set[str]] = defaultdict(set)
    for path in files:
        for address in ADDRESS.findall(path.read_text()):
            if not NO_PAGE.match(address):
                links[address].add(path.name)
    return {address: tuple(sorted(names)) for address, names in sorted(links.items())}


def checked(links: Mapping[str, tuple[str, ...]]) -> Iterator[Dead]:
    """The dead ones among them."""
    pages: dict[str, list[str]] = defaultdict(list)
    for address in links:
        pages[urldefrag(address).url].append(address)
    http = urllib3.PoolManager(timeout=TIMEOUT, retries=TRIES)
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        answers = pool.map(partial(_read, http), pages)
        for addresses, answer in zip(pages.values(), answers, strict=True):
            for address in addresses:
                if why := _missing(answer, urldefrag(address).fragment):
                    yield Dead(address=address, why=why, files=links[address])


def _read(http: urllib3.PoolManager, page: str) -> str | Exception:
    """A page's text; what is wrong with it as an exception."""
    try:
        answer = http.request("GET", page)
    except urllib3.exceptions.HTTPError as error:
        return error
    if answer.status != 200:  # noqa: PLR2004 - HTTP's OK
        return LookupError(f"the answer is {answer.status}")
    return answer.data.decode(errors="replace")


def _missing(answer: str | Exception, fragment: str) -> str:
    """Why a link leads nowhere; empty where it does not."""
    if isinstance(answer, Exception):
        return str(answer)
    named = rf"(?:id|name)=[\"']?(?:user-content-)?{re.escape(fragment)}[\"'\s>]"
    if fragment and not re.search(named, answer):
        return f"the page has no {fragment}"
    return ""


if __name__ == "__main__":
    sys.exit(main())
