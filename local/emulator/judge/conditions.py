"""Conditions of statements: the operators and keys that this system's policies use, and no other.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from collections.abc import Callable, Mapping

from local.emulator.judge.documents import Statement, UnjudgeableError, Values, glob

Context = Mapping[str, Values]
"""What is known of a request: condition keys in lower case, each with its values."""

ENCRYPTION_CONTEXT = "kms:encryptioncontext:"

_KEYS = {
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:securetransport",
    "aws:sourceaccount",
    "aws:sourcearn",
    # In the policy that SNS gives a topic by itself; no call of today brings it.
    "aws:sourceowner",
    "dynamodb:leadingkeys",
    "kms:resourcealiases",
    "kms:viaservice",
    "lambda:functionarn",
}
_EACH = ("forallvalues:", "foranyvalue:")
_ARN_PARTS = 6


def met(statement: Statement, context: Context) -> bool:
    """Whether all conditions of a statement hold.

    Raises:
        UnjudgeableError: An operator or a key is not known here.
    """
    return all(_holds(*condition, context) for condition in statement.conditions)


def _holds(operator: str, key: str, wanted: Values, context: Context) -> bool:
    if key not in _KEYS and not key.startswith(ENCRYPTION_CONTEXT):
        raise UnjudgeableError(f"condition key {key}")
    name, given = operator.lower(), context.get(key)
    if name == "null":
        return (given is None) is (wanted == ("true",))
    each = next((prefix for prefix in _EACH if name.startswith(prefix)), "")
    name = name.removeprefix(each)
    if_exists = name.endswith("ifexists")
    name = name.removesuffix("ifexists")
    negated = "not" in name
    compare = _OPERATORS.get(name.replace("not", ""))
    if compare is None:
        raise UnjudgeableError(f"condition operator {operator}")
    if given is None:
        return if_exists or each == _EACH[0] or (negated and not each)
    matches = (any(compare(value, pattern) for pattern in wanted) is not negated for value in given)
    if each == _EACH[0]:
        return all(matches)
    if not each and len(given) > 1:
        raise UnjudgeableError(f"{operator} on {key}, which has several values")
    return any(matches)


def _equal(value: str, wanted: str) -> bool:
    return value == wanted


def _like(value: str, pattern: str) -> bool:
    return glob(pattern).match(value) is not None


def _arn_like(value: str, pattern: str) -> bool:
    """Each part between colons is compared apart; the last may hold colons."""
    parts, patterns = (x.split(":", _ARN_PARTS - 1) for x in (value, pattern))
    return len(parts) == len(patterns) and all(map(_like, parts, patterns))


def _bool(value: str, wanted: str) -> bool:
    return value.lower() == wanted.lower()


_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "arnequals": _arn_like,
    "arnlike": _arn_like,
    "bool": _bool,
    "stringequals": _equal,
    "stringlike": _like,
}
