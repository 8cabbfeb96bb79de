"""Container images: how they are built, pushed and named. Another builder is a change here."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pulumi_docker as docker

from components.encryption import Foundation
from components.grants import document
from components.stage import Component

ROOT = Path(__file__).resolve().parent.parent
CONTEXTS = Path(".local") / "images"
"""Where build contexts are laid out, relative to the project: a path in the state must not
depend on the machine."""

TAG_LENGTH = 16


def sources(service: str) -> Iterator[Path]:
    """The files that go into the image of one service, relative to the project, in order."""
    yield Path("handlers/Dockerfile")
    yield Path("handlers/__init__.py")
    yield Path("requirements/handlers.txt")
    for folder in ("common", service.replace("-", "_")):
        for path in sorted((ROOT / "handlers" / folder).rglob("*.py")):
            yield path.relative_to(ROOT)


def contents(service: str) -> dict[Path, bytes]:
    """What those files hold."""
    return {path: (ROOT / path).read_bytes() for path in sources(service)}


def lay_out_context(service: str, files: Mapping[Path, bytes]) -> Path:
    """Bring a service's files together, and nothing else, so that only its own change it.

    Returns:
        The context's folder, relative to the project.
    """
    context = CONTEXTS / service
    for path, content in files.items():
        target = ROOT / context / path
        if not target.exists() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    for present in (ROOT / context).rglob("*"):
        if present.is_file() and present.relative_to(ROOT / context) not in files:
            present.unlink(missing_ok=True)  # a check beside this one may have taken it away
    return context


def content_tag(files: Mapping[Path, bytes], build: Mapping[str, str]) -> str:
    """A tag that names what the image is made of; the repository's tags are immutable."""
    digest = hashlib.sha256(json.dumps(build, sort_keys=True).encode())
    for path, content in files.items():
        digest.update(f"{path} {len(content)} ".encode() + content)
    return digest.hexdigest()[:TAG_LENGTH]


def registry_credentials(registry: str) -> docker.RegistryArgs:
    """A login for the account's registry, good for twelve hours."""
    token = aws.ecr.get_authorization_token_output()
    return docker.RegistryArgs(
        server=registry,
        username=token.user_name,
        password=pulumi.Output.secret(token.password),
    )


def lambda_pulls(function_arn: str) -> str:
    """A repository policy for the one function that runs the image.

    Without one, Lambda writes its own into the repository, if who deploys may do that (Lambda
    guide, "Create a function using a container image", Amazon ECR permissions).
    """
    pulls = {
        "Sid": "LambdaPulls",
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        "Condition": {"StringLike": {"aws:SourceArn": function_arn}},
    }
    return document([pulls])


def keep_newest(count: int) -> str:
    """A lifecycle policy that keeps the newest images, enough of them to roll back."""
    rule = {
        "rulePriority": 1,
        "description": f"Keep the newest {count} images",
        "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": count},
        "action": {"type": "expire"},
    }
    return json.dumps({"rules": [rule]})


class ServiceImage(Component):
    """A service's repository and the image in it.

    `uri` is the image by digest, which is what a function needs: a tag could be moved. Where the
    stack pins another image of the repository, it is that one, and nothing is built: an older
    source built again is another image, which a repository of immutable tags may refuse.
    """

    def __init__(
        self, name: str, base: Foundation, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = base.settings
        files = contents(name)
        arguments = {"SERVICE": name, "BASE_IMAGE": settings.base_image}
        platform = f"linux/{settings.architecture}"
        tag = content_tag(files, {**arguments, "platform": platform})
        repository_name = base.names.of(name)
        address = f"{base.names.registry}/{repository_name}"
        pinned = settings.images.get(name)
        inputs = {"repository": repository_name, "tag": tag, "pinned": pinned or ""}
        super().__init__(name, base.stage, inputs, opts)
        repository = self._repository(name, base)
        if pinned:
            self.uri = pulumi.Output.from_input(f"{address}@{pinned}")
        else:
            context = lay_out_context(name, files)
            build = docker.DockerBuildArgs(
                context=str(context),
                dockerfile=str(context / "handlers/Dockerfile"),
                args=arguments,
                platform=platform,
            )
            self.uri = self._built(name, base, f"{address}:{tag}", build, repository)
        self.register_outputs({"uri": self.uri})

    def _built(
        self,
        name: str,
        base: Foundation,
        target: str,
        build: docker.DockerBuildArgs,
        repository: aws.ecr.Repository,
    ) -> pulumi.Output[str]:
        image = docker.Image(
            f"{name}-image",
            image_name=target,
            build=build,
            registry=registry_credentials(base.names.registry),
            build_on_preview=False,
            opts=self.child(repository),
        )
        address = target.rpartition(":")[0]
        return image.repo_digest.apply(lambda pushed: f"{address}@{pushed.rpartition('@')[2]}")

    def _repository(self, name: str, base: Foundation) -> aws.ecr.Repository:
        repository = aws.ecr.Repository(
            f"{name}-repository",
            name=base.names.of(name),
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration={"scan_on_push": True},
            encryption_configurations=[{"encryption_type": "KMS", "kms_key": base.key.arn}],
            # Images can be built again, but not while a stack that is shared may roll back.
            force_delete=not base.settings.protect,
            opts=self.child(),
        )
        aws.ecr.LifecyclePolicy(
            f"{name}-lifecycle",
            repository=base.names.of(name),
            policy=keep_newest(base.settings.keep_images),
            opts=self.child(repository),
        )
        aws.ecr.RepositoryPolicy(
            f"{name}-pulls",
            repository=base.names.of(name),
            policy=lambda_pulls(base.names.function_arn(name)),
            opts=self.child(repository),
        )
        return repository
