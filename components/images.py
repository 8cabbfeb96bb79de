"""Container images: how they are built, pushed and named. Another builder is a change here."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pulumi_docker as docker

from components.encryption import EncryptionKey
from components.stage import Component, Stage

ROOT = Path(__file__).resolve().parent.parent
CONTEXTS = Path(".local") / "images"
"""Where build contexts are laid out, relative to the project: a path in the state must not
depend on the machine."""

TAG_LENGTH = 16


def sources(directory: str) -> Iterator[Path]:
    """The files that go into the image of one service, relative to the project, in order."""
    yield Path("handlers/Dockerfile")
    yield Path("handlers/__init__.py")
    yield Path("requirements/handlers.txt")
    for folder in ("common", directory):
        for path in sorted((ROOT / "handlers" / folder).rglob("*.py")):
            yield path.relative_to(ROOT)


def lay_out_context(directory: str) -> Path:
    """Bring a service's files together, and nothing else, so that only its own change it.

    Returns:
        The context's folder, relative to the project.
    """
    context = CONTEXTS / directory
    wanted = {
        path: (ROOT / path).read_bytes() for path in sources(directory) if (ROOT / path).exists()
    }
    for path, content in wanted.items():
        target = ROOT / context / path
        if not target.exists() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    for stale in (ROOT / context).rglob("*"):
        if stale.is_file() and stale.relative_to(ROOT / context) not in wanted:
            stale.unlink()
    return context


def content_tag(directory: str, build: dict[str, str]) -> str:
    """A tag that names what the image is made of; the repository's tags are immutable."""
    digest = hashlib.sha256(json.dumps(build, sort_keys=True).encode())
    for path in sources(directory):
        if (ROOT / path).exists():
            digest.update(str(path).encode() + b"\0" + (ROOT / path).read_bytes() + b"\0")
    return digest.hexdigest()[:TAG_LENGTH]


def registry_credentials(registry: str) -> docker.RegistryArgs:
    """A login for the account's registry, good for twelve hours."""
    token = aws.ecr.get_authorization_token_output()
    return docker.RegistryArgs(
        server=registry,
        username=token.user_name,
        password=pulumi.Output.secret(token.password),
    )


class ServiceImage(Component):
    """A service's repository and the image in it.

    `uri` is the image by digest, which is what a function needs: a tag could be moved.
    """

    def __init__(
        self,
        name: str,
        stage: Stage,
        key: EncryptionKey,
        *,
        directory: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        settings = stage.settings
        repository_name = stage.names.of(name)
        address = f"{stage.names.registry}/{repository_name}"
        arguments = {"SERVICE": directory, "BASE_IMAGE": settings.base_image}
        platform = f"linux/{settings.architecture}"
        tag = content_tag(directory, {**arguments, "platform": platform})
        super().__init__(name, stage, {"repository": repository_name, "tag": tag}, opts)

        self.repository = aws.ecr.Repository(
            f"{name}-repository",
            name=repository_name,
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration={"scan_on_push": True},
            encryption_configurations=[{"encryption_type": "KMS", "kms_key": key.arn}],
            force_delete=None if settings.protect else True,
            opts=self.child(),
        )
        lifecycle = aws.ecr.LifecyclePolicy(
            f"{name}-lifecycle",
            repository=repository_name,
            policy=keep_newest(settings.keep_images),
            opts=self.child(self.repository),
        )
        image = docker.Image(
            f"{name}-image",
            image_name=f"{address}:{tag}",
            build=docker.DockerBuildArgs(
                context=str(lay_out_context(directory)),
                dockerfile=str(CONTEXTS / directory / "handlers/Dockerfile"),
                args=arguments,
                platform=platform,
            ),
            registry=registry_credentials(stage.names.registry),
            build_on_preview=False,
            opts=self.child(self.repository, lifecycle),
        )
        self.uri = image.repo_digest.apply(lambda pushed: f"{address}@{pushed.rpartition('@')[2]}")
        self.image = image
        self.register_outputs({"uri": self.uri})


def keep_newest(count: int) -> str:
    """A lifecycle policy that keeps the newest images, enough of them to roll back."""
    rule = {
        "rulePriority": 1,
        "description": f"Keep the newest {count} images",
        "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": count},
        "action": {"type": "expire"},
    }
    return json.dumps({"rules": [rule]})
