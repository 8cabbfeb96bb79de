"""Repositories of images and their policies."""

from typing import TYPE_CHECKING, ClassVar

from local.resources.kind import Kind, Properties, Request, absent_is_fine, changed
from local.resources.shapes import parameters
from local.resources.tags import Tagging

if TYPE_CHECKING:
    from local.resources.clients import Clients

GONE = "RepositoryNotFoundException"


class Repository(Kind):
    """A repository."""

    pulumi_type = "aws:ecr/repository:Repository"
    schema = "AWS::ECR::Repository"
    schema_names = {
        "name": "RepositoryName",
        "encryptionConfigurations": "EncryptionConfiguration",
    }
    computed = ("arn", "registryId", "repositoryUrl")
    tagging = Tagging(
        service="ecr",
        parameter="tags",
        target="resourceArn",
        keys="tagKeys",
    )
    local = ("forceDelete",)

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        shape = aws.takes("ecr", "CreateRepository")
        own = self.own(inputs, "encryptionConfigurations")
        for encryption in inputs.get("encryptionConfigurations", [])[:1]:
            own["encryptionConfiguration"] = encryption
        return Request(
            service="ecr",
            operation="CreateRepository",
            parameters={
                **parameters(shape, own, {"name": "repositoryName"}),
                **self.tags(inputs),
            },
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        request = self.request(aws, inputs)
        made = aws.call("ecr", "CreateRepository", **request.parameters)["repository"]
        return made["repositoryName"], self._outputs(aws, made)

    def find(self, aws: "Clients", inputs: Properties) -> str | None:
        return inputs["name"] if self.read(aws, inputs["name"], inputs) else None

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(GONE):
            found = aws.call("ecr", "DescribeRepositories", repositoryNames=[id_])
            repository = found["repositories"][0]
            return {
                **self._outputs(aws, repository),
                "imageTagMutability": repository["imageTagMutability"],
                "imageScanningConfiguration": repository["imageScanningConfiguration"],
            }
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        if changed(old, new, "imageTagMutability"):
            aws.call(
                "ecr",
                "PutImageTagMutability",
                repositoryName=id_,
                imageTagMutability=new.get("imageTagMutability", "MUTABLE"),
            )
        if changed(old, new, "imageScanningConfiguration"):
            aws.call(
                "ecr",
                "PutImageScanningConfiguration",
                repositoryName=id_,
                imageScanningConfiguration=new.get(
                    "imageScanningConfiguration", {"scanOnPush": False}
                ),
            )

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine(GONE):
            aws.call(
                "ecr",
                "DeleteRepository",
                repositoryName=id_,
                force=bool(state.get("forceDelete", False)),
            )

    def _outputs(self, aws: "Clients", repository: Properties) -> Properties:
        account, name = repository["registryId"], repository["repositoryName"]
        return {
            "arn": repository["repositoryArn"],
            "registryId": account,
            "repositoryUrl": f"{account}.dkr.ecr.{aws.region}.amazonaws.com/{name}",
        }


class PolicyOfRepository(Kind):
    """A document that is put on a repository."""

    computed = ("registryId",)
    named = None
    fixed = {"repository": "the repository that the policy is put on"}
    put: ClassVar[str]
    get: ClassVar[str]
    remove: ClassVar[str]
    text: ClassVar[str]
    gone: ClassVar[str]

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        del aws
        return Request(
            service="ecr",
            operation=self.put,
            parameters={"repositoryName": inputs["repository"], self.text: inputs["policy"]},
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        aws.call("ecr", self.put, **self.request(aws, inputs).parameters)
        return inputs["repository"], {"registryId": aws.account}

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(GONE, self.gone):
            found = aws.call("ecr", self.get, repositoryName=id_)
            return {"policy": found[self.text], "registryId": aws.account}
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        self.create(aws, new)

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine(GONE, self.gone):
            aws.call("ecr", self.remove, repositoryName=id_)


class LifecyclePolicy(PolicyOfRepository):
    """Which images a repository forgets, and when."""

    pulumi_type = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
    put, get, remove = "PutLifecyclePolicy", "GetLifecyclePolicy", "DeleteLifecyclePolicy"
    text = "lifecyclePolicyText"
    gone = "LifecyclePolicyNotFoundException"


class RepositoryPolicy(PolicyOfRepository):
    """Who may use a repository."""

    pulumi_type = "aws:ecr/repositoryPolicy:RepositoryPolicy"
    put, get, remove = "SetRepositoryPolicy", "GetRepositoryPolicy", "DeleteRepositoryPolicy"
    text = "policyText"
    gone = "RepositoryPolicyNotFoundException"


KINDS: tuple[Kind, ...] = (Repository(), LifecyclePolicy(), RepositoryPolicy())
