"""Functions of the providers that a program may ask."""

from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from local.resources.documents import policy_document
from local.resources.errors import UnknownInvoke
from local.resources.kind import Properties

if TYPE_CHECKING:
    from local.resources.clients import Clients


def _caller(aws: "Clients", arguments: Properties) -> Properties:
    del arguments
    caller = aws.call("sts", "GetCallerIdentity")
    account = caller["Account"]
    return {"id": account, "accountId": account, "arn": caller["Arn"], "userId": caller["UserId"]}


def _region(aws: "Clients", arguments: Properties) -> Properties:
    region = arguments.get("region", aws.region)
    return {
        "id": region,
        "region": region,
        "name": region,
        "description": region,
        "endpoint": f"ec2.{region}.amazonaws.com",
    }


def _partition(aws: "Clients", arguments: Properties) -> Properties:
    del aws, arguments
    return {
        "id": "aws",
        "partition": "aws",
        "dnsSuffix": "amazonaws.com",
        "reverseDnsPrefix": "com.amazonaws",
    }


def _authorization(aws: "Clients", arguments: Properties) -> Properties:
    del arguments
    found = aws.call("ecr", "GetAuthorizationToken")["authorizationData"][0]
    user, _, password = b64decode(found["authorizationToken"]).decode().partition(":")
    return {
        "id": aws.region,
        "authorizationToken": found["authorizationToken"],
        "userName": user,
        "password": password,
        "proxyEndpoint": found["proxyEndpoint"],
        "expiresAt": found["expiresAt"].isoformat(),
    }


def _credentials(aws: "Clients", arguments: Properties) -> Properties:
    registry = arguments["registryId"]
    return {**_authorization(aws, arguments), "id": registry, "registryId": registry}


def _document(aws: "Clients", arguments: Properties) -> Properties:
    del aws
    return policy_document(arguments)


INVOKES: Mapping[str, Callable[["Clients", Properties], Properties]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getPartition:getPartition": _partition,
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": _authorization,
    "aws:ecr/getCredentials:getCredentials": _credentials,
    "aws:iam/getPolicyDocument:getPolicyDocument": _document,
}


def invoke(aws: "Clients", token: str, arguments: Properties) -> Properties:
    """The answer of a provider's function.

    Raises:
        UnknownInvoke: nothing here answers for that function.
        ApiError: AWS refused the call behind it.
    """
    if token not in INVOKES:
        raise UnknownInvoke(token)
    return INVOKES[token](aws, arguments)
