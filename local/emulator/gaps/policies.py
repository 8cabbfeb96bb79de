"""The documents that have a say in a request, as the emulator keeps them."""

from typing import Any

from ministack.core import iam_evaluator
from ministack.services import iam

from local.emulator.gaps.seam import private
from local.emulator.judge import Policies, Statement, statements

Documents = tuple[Statement, ...]


def of(principal: str, resource: str) -> Policies:
    """The policies for a principal (a role, the root or a service of AWS) and a resource."""
    service = resource.split(":")[2] if resource.startswith("arn:") else ""
    found: tuple[Any, str | None] | None = private(iam_evaluator, "_resource_policy")(
        service, resource
    )
    identity, boundary = _of_principal(principal)
    return Policies(
        identity=identity,
        boundary=boundary,
        resource=statements(found[0]) if found and found[0] else None,
        key=service == "kms",
    )


def _of_principal(principal: str) -> tuple[Documents | None, Documents | None]:
    if not principal.startswith("arn:"):
        return (), None
    if principal.endswith(":root"):
        return None, None
    account, name = principal.split(":")[4], principal.rsplit("/", 1)[-1]
    role: dict[str, Any] | None = private(iam, "_roles").get_scoped(account, None, name)
    if role is None:
        return (), None
    documents = list((role.get("InlinePolicies") or {}).values())
    documents += [_managed(arn, account) for arn in role.get("AttachedPolicies", [])]
    own = tuple(statement for document in documents for statement in statements(document))
    arn = role.get("PermissionsBoundary")
    return own, statements(_managed(arn, account)) if arn else None


def _managed(arn: str, account: str) -> Any:  # noqa: ANN401 - text or an object, as it was put
    found = private(iam_evaluator, "_resolve_managed_policy_document")(arn, account)
    return found or {"Statement": []}
