"""KMS keys as the emulator has them: by whatever names them, and the aliases of each."""

from typing import Any

from ministack.services import kms

from local.emulator.gaps.seam import private


def find(reference: str) -> str | None:
    """The ARN of a key that is named by its id, its ARN or an alias; None where there is none."""
    key: dict[str, Any] | None = private(kms, "_resolve_key")(reference)
    return key["Arn"] if key else None


def of_alias(arn: str) -> str:
    """The ARN of the key behind the ARN of an alias; the alias's own where there is none."""
    return find(arn.rsplit(":", 1)[-1]) or arn


def aliases(arn: str) -> tuple[str, ...]:
    """The aliases of a key, in order; none where it is no key."""
    identity = arn.rpartition(":key/")[2]
    found: dict[str, str] = dict(private(kms, "_aliases").items())
    return tuple(
        sorted(alias.rsplit(":", 1)[-1] for alias, key in found.items() if key == identity)
    )
