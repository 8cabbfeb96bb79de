"""Functions of the providers, answered without an account: what a preview can know."""

from local.resources.documents import policy_document
from local.resources.kind import Properties


def invoke(token: str, arguments: Properties, account: str) -> Properties:
    """What is certain; the rest is left out, which a program sees as nothing.

    Args:
        token: which function.
        arguments: what it is asked with.
        account: the account that the credentials would belong to.
    """
    match token:
        case "aws:index/getCallerIdentity:getCallerIdentity":
            return {"id": account, "accountId": account}
        case "aws:index/getPartition:getPartition":
            return {"id": "aws", "partition": "aws", "dnsSuffix": "amazonaws.com"}
        case "aws:iam/getPolicyDocument:getPolicyDocument":
            return policy_document(arguments)
        case _:
            return {}
