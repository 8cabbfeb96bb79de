"""What the container `aws` of docker-compose.yml runs: the embedded AWS with the program in it."""

import contextlib
import os
import time

import msgspec

from local.access import Outputs, State
from local.bank.client import Bank
from local.compute import Runner
from local.containers.attachment import IN_IMAGE, Attachment
from local.containers.bank import PORT as BANK_PORT
from local.deployment import deploy
from local.emulator import Emulator
from local.interrupts import Interrupted, raise_on_signals
from local.lock import held
from local.project import PROJECT, ROOT, STACK, UP
from local.supervisor import published
from local.system import TURN

PORT = 4566
INSIDE = "0.0.0.0"
"""A container's own address; Compose publishes its port on the loopback address of the machine."""


def main() -> None:
    """Start it, deploy to it, and run until told to stop."""
    raise_on_signals()
    with contextlib.suppress(Interrupted), held(UP), contextlib.ExitStack() as ended:
        begun = time.time()
        emulator = ended.enter_context(Emulator.start(UP, PORT, address=INSIDE))
        runner = Runner.start(
            emulator,
            UP,
            TURN,
            resolver=lambda _: IN_IMAGE,
            workers=int(os.environ["CONTAINERS"]),
            launcher=Attachment(),
        )
        ended.callback(runner.stop)
        bank = Bank(
            url=f"http://127.0.0.1:{BANK_PORT}", control_url=f"http://127.0.0.1:{BANK_PORT}"
        )
        outputs = _deployed(emulator, bank.url)
        state = State(
            pid=os.getpid(),
            started_at=begun,
            directory=str(UP),
            endpoint=emulator.endpoint,
            ca_bundle=str(emulator.ca_bundle),
            region=emulator.region,
            bank_url=bank.url,
            bank_control_url=bank.control_url,
            outputs=outputs,
        )
        with published(state):
            while True:
                emulator.check()
                time.sleep(1)


def _deployed(emulator: Emulator, bank_url: str) -> Outputs:
    session = emulator.session()
    made = deploy(
        stack=STACK, root=ROOT, session=session, settings={f"{PROJECT}:bankUrl": bank_url}
    )
    outputs = msgspec.convert(made, Outputs)
    session.client("secretsmanager").put_secret_value(
        SecretId=outputs.bank_secret, SecretString=os.environ["BANK_API_KEY"]
    )
    return outputs


if __name__ == "__main__":
    main()
