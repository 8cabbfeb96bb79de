"""The plugin's process: `python -m local.provider`. It says its port and serves until its end."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from local.provider.plugin import Plugin
from local.provider.settings import ProviderSettingsError
from local.resources.errors import ResourceFailure

THREADS = 16
LOOK = 1.0  # seconds between two looks at whether the engine is still there
GRACE = 60.0  # seconds for the calls under way to finish
MESSAGE = 400 << 20  # bytes, as in the engine's own providers


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """The plugin's methods under the protocol's names; what it lacks stays unimplemented."""

    def __init__(self, plugin: Plugin) -> None:
        for procedure, method in (
            ("Handshake", plugin.handshake),
            ("GetPluginInfo", plugin.get_plugin_info),
            ("CheckConfig", plugin.check_config),
            ("DiffConfig", plugin.diff_config),
            ("Configure", plugin.configure),
            ("Check", plugin.check),
            ("Diff", plugin.diff),
            ("Create", plugin.create),
            ("Read", plugin.read),
            ("Update", plugin.update),
            ("Delete", plugin.delete),
            ("Invoke", plugin.invoke),
            ("Cancel", plugin.cancel),
        ):
            setattr(self, procedure, _answering(method))


def main() -> None:
    """Serve one engine."""
    server = grpc.server(
        ThreadPoolExecutor(THREADS), options=[("grpc.max_receive_message_length", MESSAGE)]
    )
    servicer = Servicer(Plugin(Path.cwd()))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    _serve_until_the_end(server)


def _serve_until_the_end(server: grpc.Server) -> None:
    """Serve until the engine interrupts or is gone; calls that are under way are finished."""
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    engine = os.getppid()
    while not ended.wait(LOOK) and os.getppid() == engine:
        pass
    server.stop(GRACE).wait()


def _answering(method: Callable[[Any], object]) -> Callable[[Any, grpc.ServicerContext], object]:
    """Hand our own errors to the engine as its user is to read them, without a traceback."""

    def answer(request: Any, context: grpc.ServicerContext) -> object:  # noqa: ANN401 - any message
        try:
            return method(request)
        except (ResourceFailure, ProviderSettingsError) as error:
            return context.abort(grpc.StatusCode.UNKNOWN, str(error))

    return answer


if __name__ == "__main__":
    main()
