"""The providers of identities from outside AWS."""

from typing import TYPE_CHECKING

from local.resources.kind import Kind, Properties, Request, absent_is_fine, changed
from local.resources.shapes import parameters
from local.resources.tags import Tagging

if TYPE_CHECKING:
    from local.resources.clients import Clients

GONE = "NoSuchEntity"


class OpenIdConnectProvider(Kind):
    """An issuer outside AWS whose tokens a role may trust."""

    pulumi_type = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
    schema = "AWS::IAM::OIDCProvider"
    computed = ("arn",)
    named = None
    tagging = Tagging(
        service="iam",
        target="OpenIDConnectProviderArn",
        tag="TagOpenIDConnectProvider",
        untag="UntagOpenIDConnectProvider",
    )

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        shape = aws.takes("iam", "CreateOpenIDConnectProvider")
        names = {"clientIdLists": "ClientIDList", "thumbprintLists": "ThumbprintList"}
        return Request(
            service="iam",
            operation="CreateOpenIDConnectProvider",
            parameters={**parameters(shape, self.own(inputs), names), **self.tags(inputs)},
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        request = self.request(aws, inputs)
        made = aws.call("iam", request.operation, **request.parameters)
        arn = made["OpenIDConnectProviderArn"]
        return arn, {"arn": arn}

    def find(self, aws: "Clients", inputs: Properties) -> str | None:
        issuer = inputs["url"].removeprefix("https://")
        id_ = f"arn:aws:iam::{aws.account}:oidc-provider/{issuer}"
        return id_ if self.read(aws, id_, inputs) else None

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(GONE):
            found = aws.call("iam", "GetOpenIDConnectProvider", OpenIDConnectProviderArn=id_)
            return {
                "arn": id_,
                "clientIdLists": found.get("ClientIDList", []),
                "thumbprintLists": found.get("ThumbprintList", []),
            }
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        target = {"OpenIDConnectProviderArn": id_}
        before, after = set(old.get("clientIdLists", [])), set(new.get("clientIdLists", []))
        for client in after - before:
            aws.call("iam", "AddClientIDToOpenIDConnectProvider", ClientID=client, **target)
        for client in before - after:
            aws.call("iam", "RemoveClientIDFromOpenIDConnectProvider", ClientID=client, **target)
        if changed(old, new, "thumbprintLists"):
            aws.call(
                "iam",
                "UpdateOpenIDConnectProviderThumbprint",
                ThumbprintList=new.get("thumbprintLists", []),
                **target,
            )

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine(GONE):
            aws.call("iam", "DeleteOpenIDConnectProvider", OpenIDConnectProviderArn=id_)
