"""What the deployment pipeline may do to a stack: look at it, or make and change it.

Everything is bounded by the stack's names, or by the tags of what has none of its own.
"""

from collections.abc import Iterator, Mapping, Sequence

from components.grants import Conditions, Grant
from components.names import PROJECT, Names
from components.pipeline_actions import (
    BOUNDED_ROLE_WRITES,
    KEY_READS,
    KEY_TAKEN,
    KEY_TAKERS,
    KEY_WRITES,
    READS,
    ROLE_WRITES,
    UNSCOPED_READS,
    UNSCOPED_WRITES,
    WRITES,
)


def own(names: Names, *services: str) -> Conditions:
    """That a key is the stack's, and used by these services if any are named.

    Its id is AWS's own; its tags are ours.
    """
    via = [f"{service}.{names.region}.amazonaws.com" for service in services]
    return {
        "StringEquals": {
            **_tagged(names, "aws:ResourceTag"),
            **({"kms:ViaService": via} if via else {}),
        }
    }


def _tagged(names: Names, test: str) -> dict[str, str]:
    return {f"{test}/Project": PROJECT, f"{test}/Environment": names.stack}


def reading_grants(names: Names) -> tuple[Grant, ...]:
    """What a preview of a stack, or a look for drift, may do."""
    return (
        *_by_service(names, READS, why="The provider compares what is there"),
        *_reads(names),
        Grant(
            actions=("kms:Decrypt",),
            resources=(names.arn("kms", "key/*"),),
            conditions=own(names, "lambda"),
            why="Without it AWS hides a function's variables, and each look finds them gone",
        ),
    )


def deploying_grants(names: Names, boundary: str) -> tuple[Grant, ...]:
    """What `pulumi up` of a stack may do.

    Args:
        names: The stack's.
        boundary: ARN of the policy that every role of the stack must be under.
    """
    bounded = {"StringEquals": {"iam:PermissionsBoundary": boundary}}
    of_its_functions = {"ArnLike": {"lambda:FunctionArn": names.function_arn("*")}}
    roles = names.every("iam")
    return (
        *_by_service(names, READS, WRITES, why="Makes, changes and removes the stack's own"),
        *_reads(names),
        Grant(actions=UNSCOPED_WRITES, resources=("*",), why="AWS gives them no resource"),
        Grant(actions=ROLE_WRITES, resources=roles, why="The stack's roles"),
        Grant(
            actions=BOUNDED_ROLE_WRITES,
            resources=roles,
            conditions=bounded,
            why="No role of a stack may do more than the boundary",
        ),
        Grant(
            actions=("iam:PassRole",),
            resources=roles,
            conditions={
                "StringEquals": {
                    "iam:PassedToService": ["lambda.amazonaws.com", "scheduler.amazonaws.com"]
                }
            },
            why="Functions and the schedule take their roles on",
        ),
        Grant(
            actions=("lambda:CreateEventSourceMapping",),
            resources=("*",),
            conditions=of_its_functions,
            why="A new mapping has no id yet",
        ),
        Grant(
            actions=("lambda:DeleteEventSourceMapping", "lambda:UpdateEventSourceMapping"),
            resources=(names.arn("lambda", "event-source-mapping:*"),),
            conditions=of_its_functions,
            why="Mappings of the stack's functions",
        ),
        Grant(
            actions=("lambda:TagResource", "lambda:UntagResource"),
            resources=(names.arn("lambda", "event-source-mapping:*"),),
            why="Their tags, which are given with the making",
        ),
        Grant(
            actions=("kms:CreateKey",),
            resources=("*",),
            conditions={"StringEquals": _tagged(names, "aws:RequestTag")},
            why="A new key has no id yet",
        ),
        Grant(
            actions=("kms:TagResource",),
            resources=(names.arn("kms", "key/*"),),
            conditions={
                "StringEquals": _tagged(names, "aws:RequestTag"),
                "StringEqualsIfExists": _tagged(names, "aws:ResourceTag"),
                "Null": {"kms:ResourceAliases": "true"},
            },
            why="A new key has no tag yet; one with others' tags, or with an alias, stays theirs",
        ),
        Grant(
            actions=KEY_TAKEN,
            resources=(names.arn("kms", "key/*"),),
            conditions=own(names, *KEY_TAKERS),
            why="Tables, repositories and functions are encrypted with the stack's key",
        ),
        Grant(
            actions=KEY_WRITES,
            resources=(names.arn("kms", "key/*"),),
            conditions=own(names),
            why="The stack's keys",
        ),
        Grant(
            actions=("kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"),
            resources=tuple(
                names.arn("kms", alias) for alias in (names.key_alias, names.fingerprint_alias)
            ),
            why="The keys' names",
        ),
        *smoke_grants(names),
    )


def _by_service(names: Names, *tables: Mapping[str, Sequence[str]], why: str) -> Iterator[Grant]:
    """One grant for each AWS service: a role's inline policies have 10,240 characters in all."""
    for service in READS:
        actions = (f"{service}:{each}" for table in tables for each in table.get(service, ()))
        yield Grant(actions=tuple(actions), resources=names.every(service), why=why)


def _reads(names: Names) -> tuple[Grant, ...]:
    return (
        Grant(
            actions=("lambda:GetEventSourceMapping", "lambda:ListTags"),
            resources=(names.arn("lambda", "event-source-mapping:*"),),
            why="The same; a mapping's id is AWS's own",
        ),
        Grant(
            actions=(*KEY_READS, "kms:ListResourceTags"),
            resources=(names.arn("kms", "key/*"),),
            conditions=own(names),
            why="The same; a key's id is AWS's own",
        ),
        Grant(actions=UNSCOPED_READS, resources=("*",), why="AWS gives them no resource"),
    )


def smoke_grants(names: Names) -> tuple[Grant, ...]:
    """What `make smoke` does after a deployment: send transactions and look for their ends."""
    return (
        Grant(
            actions=("sns:Publish",),
            resources=(names.topic_arn(names.transaction_topic),),
            why="The smoke test's transactions",
        ),
        Grant(
            actions=("dynamodb:GetItem",),
            resources=(names.table_arn(names.ledger_table),),
            why="Their ends",
        ),
        Grant(
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            resources=(names.arn("kms", "key/*"),),
            conditions=own(names, "dynamodb", "sns"),
            why="Topic and ledger are encrypted",
        ),
    )


def state_grants(stack: str, bucket: str, key: str, *, writes: bool) -> tuple[Grant, ...]:
    """A stack's own state in a bucket, and no other stack's.

    The engine keeps state, history, backups and locks in one folder each, all by project and
    stack (pulumi/pkg, backend/diy/store.go).

    Args:
        stack: Its name.
        bucket: Name of the bucket.
        key: ARN of the key that bucket and secrets are encrypted with.
        writes: Whether the stack is changed; a preview takes no lock.
    """
    own_state = f"arn:aws:s3:::{bucket}/.pulumi/*/{PROJECT}/{stack}"
    changes = ("s3:DeleteObject", "s3:PutObject") if writes else ()
    encrypts = ("kms:Encrypt", "kms:GenerateDataKey") if writes else ()
    return (
        Grant(
            actions=("s3:GetObject", *changes),
            resources=(f"{own_state}.*", f"{own_state}/*"),
            why="The stack's state",
        ),
        Grant(
            actions=("s3:GetObject",),
            resources=(f"arn:aws:s3:::{bucket}/.pulumi/meta.yaml",),
            why="How the bucket is laid out",
        ),
        Grant(actions=("s3:ListBucket",), resources=(f"arn:aws:s3:::{bucket}",), why="The same"),
        Grant(actions=("kms:Decrypt", *encrypts), resources=(key,), why="The state is encrypted"),
    )
