"""Roles, their policies and boundaries; identities from outside stand in iam_providers."""

import json
from typing import TYPE_CHECKING
from urllib.parse import unquote

from local.resources.kind import Kind, Properties, Request, absent_is_fine, changed
from local.resources.shapes import parameters
from local.resources.tags import Tagging

if TYPE_CHECKING:
    from local.resources.clients import Clients
from local.resources.iam_providers import OpenIdConnectProvider

GONE = "NoSuchEntity"
SESSION = 3600  # seconds, the least and the default


class Role(Kind):
    """A role."""

    pulumi_type = "aws:iam/role:Role"
    schema = "AWS::IAM::Role"
    schema_names = {"name": "RoleName"}
    computed = ("arn", "createDate", "uniqueId")
    tagging = Tagging(service="iam", target="RoleName", tag="TagRole", untag="UntagRole")
    local = ("forceDetachPolicies",)

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        shape = aws.takes("iam", "CreateRole")
        names = {"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument"}
        return Request(
            service="iam",
            operation="CreateRole",
            parameters={**parameters(shape, self.own(inputs), names), **self.tags(inputs)},
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        made = aws.call("iam", "CreateRole", **self.request(aws, inputs).parameters)["Role"]
        return made["RoleName"], self._outputs(made)

    def find(self, aws: "Clients", inputs: Properties) -> str | None:
        return inputs["name"] if self.read(aws, inputs["name"], inputs) else None

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(GONE):
            role = aws.call("iam", "GetRole", RoleName=id_)["Role"]
            return {
                **self._outputs(role),
                "assumeRolePolicy": _document(role["AssumeRolePolicyDocument"]),
                "description": role.get("Description", ""),
                "maxSessionDuration": role.get("MaxSessionDuration", SESSION),
            }
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        if changed(old, new, "assumeRolePolicy"):
            aws.call(
                "iam",
                "UpdateAssumeRolePolicy",
                RoleName=id_,
                PolicyDocument=new["assumeRolePolicy"],
            )
        if changed(old, new, "description", "maxSessionDuration"):
            aws.call(
                "iam",
                "UpdateRole",
                RoleName=id_,
                Description=new.get("description", ""),
                MaxSessionDuration=new.get("maxSessionDuration", SESSION),
            )
        if changed(old, new, "permissionsBoundary"):
            self._bound(aws, id_, new.get("permissionsBoundary"))

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine(GONE):
            aws.call("iam", "DeleteRole", RoleName=id_)

    def tag_target(self, id_: str, state: Properties) -> str:
        del state
        return id_

    def _outputs(self, role: Properties) -> Properties:
        return {
            "arn": role["Arn"],
            "uniqueId": role["RoleId"],
            "createDate": role["CreateDate"].isoformat(),
        }

    def _bound(self, aws: "Clients", role: str, boundary: str | None) -> None:
        if boundary is None:
            aws.call("iam", "DeleteRolePermissionsBoundary", RoleName=role)
        else:
            aws.call(
                "iam", "PutRolePermissionsBoundary", RoleName=role, PermissionsBoundary=boundary
            )


class RolePolicy(Kind):
    """A policy inside a role. PutRolePolicy replaces the one that is there."""

    pulumi_type = "aws:iam/rolePolicy:RolePolicy"
    schema = "AWS::IAM::RolePolicy"
    schema_names = {"name": "PolicyName", "role": "RoleName", "policy": "PolicyDocument"}

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        del aws
        return Request(
            service="iam",
            operation="PutRolePolicy",
            parameters={
                "RoleName": inputs["role"],
                "PolicyName": inputs["name"],
                "PolicyDocument": inputs["policy"],
            },
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        aws.call("iam", "PutRolePolicy", **self.request(aws, inputs).parameters)
        return f"{inputs['role']}:{inputs['name']}", {}

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        role, name = id_.split(":", 1)
        with absent_is_fine(GONE):
            found = aws.call("iam", "GetRolePolicy", RoleName=role, PolicyName=name)
            return {"policy": _document(found["PolicyDocument"]), "role": role, "name": name}
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        self.create(aws, new)

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        role, name = id_.split(":", 1)
        with absent_is_fine(GONE):
            aws.call("iam", "DeleteRolePolicy", RoleName=role, PolicyName=name)


class Policy(Kind):
    """A policy of the account's own, which roles can have as their boundary."""

    pulumi_type = "aws:iam/policy:Policy"
    schema = "AWS::IAM::ManagedPolicy"
    schema_names = {"name": "ManagedPolicyName"}
    fixed = {"description": "CreatePolicy takes it and no other call of the API"}
    computed = ("arn", "attachmentCount", "policyId")
    tagging = Tagging(service="iam", target="PolicyArn", tag="TagPolicy", untag="UntagPolicy")

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        shape = aws.takes("iam", "CreatePolicy")
        names = {"name": "PolicyName", "policy": "PolicyDocument"}
        return Request(
            service="iam",
            operation="CreatePolicy",
            parameters={**parameters(shape, self.own(inputs), names), **self.tags(inputs)},
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        made = aws.call("iam", "CreatePolicy", **self.request(aws, inputs).parameters)["Policy"]
        return made["Arn"], self._outputs(made)

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(GONE):
            policy = aws.call("iam", "GetPolicy", PolicyArn=id_)["Policy"]
            version = policy["DefaultVersionId"]
            found = aws.call("iam", "GetPolicyVersion", PolicyArn=id_, VersionId=version)
            document = _document(found["PolicyVersion"]["Document"])
            return {"policy": document, **self._outputs(policy)}
        return None

    def find(self, aws: "Clients", inputs: Properties) -> str | None:
        path = inputs.get("path", "/")
        id_ = f"arn:aws:iam::{aws.account}:policy{path}{inputs['name']}"
        return id_ if self.read(aws, id_, inputs) else None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        if changed(old, new, "policy"):
            document = new["policy"]
            # A policy has five versions at most: those that are no longer used make room.
            self._forget_versions(aws, id_)
            aws.call(
                "iam",
                "CreatePolicyVersion",
                PolicyArn=id_,
                PolicyDocument=document,
                SetAsDefault=True,
            )

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine(GONE):
            self._forget_versions(aws, id_)
            aws.call("iam", "DeletePolicy", PolicyArn=id_)

    def tag_target(self, id_: str, state: Properties) -> str:
        del state
        return id_

    def _forget_versions(self, aws: "Clients", id_: str) -> None:
        for version in aws.call("iam", "ListPolicyVersions", PolicyArn=id_)["Versions"]:
            if not version["IsDefaultVersion"]:
                aws.call(
                    "iam", "DeletePolicyVersion", PolicyArn=id_, VersionId=version["VersionId"]
                )

    def _outputs(self, policy: Properties) -> Properties:
        return {
            "arn": policy["Arn"],
            "attachmentCount": policy.get("AttachmentCount", 0),
            "policyId": policy["PolicyId"],
        }


def _document(document: str | dict[str, object]) -> str:
    """A policy as text: botocore decodes the documents of some operations and not of others."""
    return unquote(document) if isinstance(document, str) else json.dumps(document)


KINDS: tuple[Kind, ...] = (
    Role(),
    RolePolicy(),
    Policy(),
    OpenIdConnectProvider(),
)
