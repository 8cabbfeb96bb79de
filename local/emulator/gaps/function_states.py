"""A new function is Pending for half a second here; nothing is pulled, so a moment is enough."""

from ministack.services import lambda_svc

from local.emulator.gaps.seam import private

PENDING = 0.05
"""Seconds: long enough for a caller that does not wait for Active to be found out."""


def close() -> None:
    """Shorten the state; a deployment waits for each function, as the real provider does."""
    private(lambda_svc, "_LAMBDA_STATE_TRANSITION_DELAY")
    lambda_svc._LAMBDA_STATE_TRANSITION_DELAY = PENDING  # noqa: SLF001 - checked above # pyright: ignore[reportPrivateUsage] - the same
