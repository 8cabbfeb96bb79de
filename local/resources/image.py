"""Container images (pulumi-docker): named by what goes into them, and as a rule built nowhere.

Functions run as processes on this machine, so no image is needed to run them. What the rest of the
system depends on is kept: a digest that changes when and only when the build context, the
Dockerfile or the arguments change, and an image of that digest in the repository, where an
immutable tag cannot be put twice. With a registry on this machine they are built and pushed
(`local.resources.building`).
"""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from local.resources import building
from local.resources.errors import ApiError
from local.resources.kind import Kind, Properties, absent_is_fine

if TYPE_CHECKING:
    from local.resources.clients import Clients

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
NEVER = ("**/__pycache__", "**/*.pyc")  # written by running the code, in no image's recipe


class Image(Kind):
    """An image, built from a context and pushed to a repository."""

    pulumi_type = "docker:index/image:Image"
    unseen = ("registry",)  # a login that is new each time
    computed = (
        "baseImageName",
        "context",
        "dockerfile",
        "platform",
        "registryServer",
        "repoDigest",
    )
    changing = ("repoDigest",)
    named = None

    def prepare(self, aws: "Clients", inputs: Properties) -> Properties:
        """Add the context's digest, as the real provider does: that is what a change is seen by."""
        build = inputs.get("build")
        if not isinstance(build, dict):
            return inputs
        return {**inputs, "build": {**build, "contextDigest": context_digest(aws.root, build)}}

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        return inputs["imageName"], self._push(aws, inputs)

    def find(self, aws: "Clients", inputs: Properties) -> str | None:
        return inputs["imageName"] if self.read(aws, inputs["imageName"], inputs) else None

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        repository, tag = reference(state["imageName"])
        with absent_is_fine("ImageNotFoundException", "RepositoryNotFoundException"):
            found = aws.call(
                "ecr", "DescribeImages", repositoryName=repository, imageIds=[{"imageTag": tag}]
            )
            for image in found["imageDetails"]:
                return self._outputs(state, image["imageDigest"])
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> Properties:
        return self._push(aws, new)

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        """Leave the image where it is, as the real provider does; the repository removes it."""

    def _manifest(self, aws: "Clients", inputs: Properties) -> str:
        address = building.registry()
        if address and not inputs.get("skipPush"):
            repository, tag = reference(inputs["imageName"])
            return building.build_and_push(aws.root, inputs, f"{repository}:{tag}", address)
        build = self.prepare(aws, inputs).get("build") or {}
        config = {"context": build.get("contextDigest"), "args": build.get("args")}
        return json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": MANIFEST,
                "config": {
                    "mediaType": "application/vnd.oci.image.config.v1+json",
                    "digest": _sha256(json.dumps(config, sort_keys=True).encode()),
                    "size": 0,
                },
                "layers": [],
            }
        )

    def _push(self, aws: "Clients", inputs: Properties) -> Properties:
        manifest = self._manifest(aws, inputs)
        if not inputs.get("skipPush"):
            repository, tag = reference(inputs["imageName"])
            try:
                aws.call(
                    "ecr",
                    "PutImage",
                    repositoryName=repository,
                    imageManifest=manifest,
                    imageManifestMediaType=json.loads(manifest)["mediaType"],
                    imageTag=tag,
                )
            except ApiError as error:
                # The same image under the same tag: a push has nothing to do.
                if error.code != "ImageAlreadyExistsException":
                    raise
        return self._outputs(inputs, _sha256(manifest.encode()))

    def _outputs(self, inputs: Properties, digest: str) -> Properties:
        name, build = inputs["imageName"], inputs.get("build") or {}
        return {
            "baseImageName": name,
            "context": build.get("context", "."),
            "dockerfile": build.get("dockerfile", "Dockerfile"),
            "platform": build.get("platform", ""),
            "registryServer": (inputs.get("registry") or {}).get("server", name.split("/")[0]),
            "repoDigest": f"{name.rpartition(':')[0]}@{digest}",
        }


def context_digest(root: Path, build: Properties) -> str:
    """The digest of all that a build reads: files, their names and modes, recipe and arguments."""
    context = root / build.get("context", ".")
    dockerfile = root / build.get("dockerfile", context / "Dockerfile")
    digest = hashlib.sha256()
    for path in _files(context):
        mode = "x" if path.stat().st_mode & 0o100 else "-"
        digest.update(f"{path.relative_to(context).as_posix()} {mode}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    digest.update(dockerfile.read_bytes())
    recipe = {key: build.get(key) for key in ("args", "platform", "target")}
    digest.update(json.dumps(recipe, sort_keys=True).encode())
    return f"sha256:{digest.hexdigest()}"


def _files(context: Path) -> Iterator[Path]:
    listed = context / ".dockerignore"
    lines = listed.read_text().splitlines() if listed.exists() else []
    rules = [*NEVER, *(line.strip() for line in lines if line.strip() and line[0] != "#")]
    for path in sorted(context.rglob("*")):
        if path.is_file() and not _ignored(path.relative_to(context), rules):
            yield path


def _ignored(path: Path, rules: list[str]) -> bool:
    """Whether a .dockerignore leaves a file out: the last rule that meets it or a parent decides.

    docs.docker.com/build/concepts/context/#dockerignore-files
    """
    candidates = [path.as_posix(), *(parent.as_posix() for parent in path.parents)]
    ignored = False
    for rule in rules:
        pattern = _pattern(rule.removeprefix("!"))
        if any(pattern.fullmatch(candidate) for candidate in candidates):
            ignored = not rule.startswith("!")
    return ignored


def _pattern(rule: str) -> re.Pattern[str]:
    wildcards = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", rule.strip("/"))
    return re.compile("".join(wildcards.get(piece, re.escape(piece)) for piece in pieces))


def reference(name: str) -> tuple[str, str]:
    """An image's repository and tag.

    `1234.dkr.ecr.us-east-2.amazonaws.com/bank/payments:1` -> `bank/payments`, `1`.
    """
    path = name.partition("/")[2]
    repository, colon, tag = path.rpartition(":")
    return (repository, tag) if colon else (path, "latest")


def _sha256(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


KINDS: tuple[Kind, ...] = (Image(),)
