"""AWS's API models, read fast: they are most of what making a client costs.

The SDK asks the file system for each of its 400 services, twice, to make sure that a name is one of
them, and decodes models of a megabyte into ordered dictionaries. A function makes five clients.
"""

import zlib
from pathlib import Path
from typing import Any

import msgspec
from botocore.loaders import JSONFileLoader, Loader

GZIP = 16 + zlib.MAX_WBITS
"""Tells zlib of gzip's header. https://docs.python.org/3/library/zlib.html#zlib.decompress"""


class ModelFiles(JSONFileLoader):
    """One file at a time; plain dictionaries keep their order too."""

    def load_file(self, file_path: str) -> dict[str, Any] | None:
        """The content of `file_path`, compressed or not; None where there is no such file."""
        for name, packed in ((f"{file_path}.json.gz", True), (f"{file_path}.json", False)):
            try:
                content = Path(name).read_bytes()
            except FileNotFoundError:
                continue
            return msgspec.json.decode(zlib.decompress(content, GZIP) if packed else content)
        return None


class Models(Loader):
    """The models that come with the SDK."""

    def __init__(self) -> None:
        super().__init__(file_loader=ModelFiles())

    def list_available_services(self, type_name: str) -> list[str]:
        """Every service by its folder; whether it has this type shows when it is loaded."""
        del type_name
        return [folder.name for folder in Path(self.BUILTIN_DATA_PATH).iterdir()]
