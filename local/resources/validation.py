"""AWS's own description of its parameters, applied to a call that is not made yet."""

from typing import Any

from botocore.model import Shape
from botocore.validate import ParamValidator, ValidationErrors

from local.properties import UNKNOWN
from local.resources.clients import Clients
from local.resources.kind import Request


class _Known(ParamValidator):
    """botocore's validation, which passes over what is not known yet."""

    def _validate(
        self,
        params: Any,  # noqa: ANN401 - botocore's own signature
        shape: Shape,
        errors: ValidationErrors,
        name: str,
    ) -> None:
        if params != UNKNOWN:
            super()._validate(params, shape, errors, name)  # pyright: ignore[reportAttributeAccessIssue] - the stubs leave it out


def failures(aws: Clients, request: Request) -> list[str]:
    """What AWS would find wrong with the parameters of a call: types, names, what is missing."""
    shape = aws.takes(request.service, request.operation)
    report = _Known().validate(request.parameters, shape)
    return report.generate_report().splitlines() if report.has_errors() else []
