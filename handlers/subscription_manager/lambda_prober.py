"""Probes: one synchronous invocation of the worker, never repeated by itself."""

from typing import TYPE_CHECKING

import msgspec

from handlers.common import aws
from handlers.common.circuit.events import Verdict
from handlers.common.circuit.probes import ProbeAnswer, ProbeEvent, ProbeRequest
from handlers.common.errors import AwsUnavailable
from handlers.subscription_manager.probing import MARGIN
from handlers.subscription_manager.settings import Managed

if TYPE_CHECKING:
    from types_boto3_lambda.type_defs import InvocationResponseTypeDef


class LambdaProber:
    """Probes through Lambda's Invoke."""

    def probe(self, managed: Managed, generation: int, lease: str) -> ProbeAnswer:
        """See Prober."""
        asked = ProbeRequest(service=managed.service, generation=generation, lease=lease)
        client = aws.functions(managed.timeout + MARGIN)
        try:
            with aws.aws_errors("the probe"):
                answer = client.invoke(
                    FunctionName=managed.function,
                    InvocationType="RequestResponse",
                    Payload=msgspec.json.encode(ProbeEvent(probe=asked)),
                )
                return answered(answer)
        except AwsUnavailable as error:
            return ProbeAnswer(verdict=Verdict.UNDECIDED, why=str(error))


def answered(answer: "InvocationResponseTypeDef") -> ProbeAnswer:
    """The worker's answer; undecided where it failed or made no sense."""
    if failure := answer.get("FunctionError"):
        return ProbeAnswer(verdict=Verdict.UNDECIDED, why=f"the worker failed: {failure}")
    try:
        return msgspec.json.decode(answer["Payload"].read(), type=ProbeAnswer)
    except msgspec.DecodeError as error:
        return ProbeAnswer(verdict=Verdict.UNDECIDED, why=f"no answer to read: {error}")
