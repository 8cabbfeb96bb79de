"""Runs the real program under Pulumi's mocks and keeps the graph that it registers."""

import asyncio
import json
import runpy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from google.protobuf import json_format
from pulumi.runtime import mocks, rpc, settings
from pulumi.runtime.config import set_all_config
from pulumi.runtime.stack import run_in_stack

ROOT = Path(__file__).resolve().parents[3]
PROJECT = "utility-customer-system"
STACKS = ("local", "dev", "staging", "prod")


@dataclass(frozen=True, kw_only=True)
class Registered:
    """One resource as the engine would have got it."""

    kind: str
    name: str
    parent: str
    inputs: Mapping[str, Any]
    depends_on: tuple[str, ...]
    protect: bool
    ignore_changes: tuple[str, ...]


@dataclass
class Graph:
    """Everything that a program registered, in order."""

    resources: dict[str, Registered] = field(default_factory=dict[str, Registered])
    outputs: dict[str, Any] = field(default_factory=dict[str, Any])
    calls: list[str] = field(default_factory=list[str])

    def all(self, kind: str) -> list[Registered]:
        """The resources whose type ends so, such as `sqs/queue:Queue`."""
        return [r for r in self.resources.values() if r.kind.endswith(kind)]

    def one(self, kind: str, name: str) -> Registered:
        """The one resource of that type and logical name."""
        (found,) = [r for r in self.all(kind) if r.name == name]
        return found


class RecordingMonitor(mocks.MockMonitor):
    """Keeps each registration whole: options, dependencies and parents too."""

    graph: Graph

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the name of the protocol
        response = super().RegisterResource(request)
        inputs = json_format.MessageToDict(request.object)
        self.graph.resources[response.urn] = Registered(
            kind=request.type,
            name=request.name,
            parent=request.parent,
            inputs=inputs,
            depends_on=tuple(request.dependencies),
            protect=request.protect,
            ignore_changes=tuple(request.ignoreChanges),
        )
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - the name of the protocol
        if "pulumi:pulumi:Stack" in request.urn:
            self.graph.outputs.update(json_format.MessageToDict(request.outputs))
        return super().RegisterResourceOutputs(request)


class Provider(mocks.Mocks):
    """Answers as AWS would, as far as the program asks."""

    def __init__(self, graph: Graph, account: str) -> None:
        self.graph = graph
        self.account = account

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        state = dict(args.inputs)
        match args.typ:
            case "aws:sqs/queue:Queue":
                state["url"] = f"https://sqs.test/{self.account}/{args.inputs['name']}"
            case "aws:kms/key:Key":
                state |= {"arn": "arn:aws:kms:us-east-2:1:key/k", "keyId": "k"}
            case "aws:lambda/eventSourceMapping:EventSourceMapping":
                state["uuid"] = f"uuid-of-{args.name}"
            case "docker:index/image:Image":
                state["repoDigest"] = f"host/{args.name}@sha256:{'0' * 64}"
            case _:
                pass
        return f"{args.name}-id", state

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:
        self.graph.calls.append(args.token)
        if args.token == "aws:index/getCallerIdentity:getCallerIdentity":
            return {"accountId": self.account, "arn": "arn", "id": "id", "userId": "u"}
        return {"userName": "AWS", "password": "login", "proxyEndpoint": "https://p"}


def config_of(stack: str, **changes: Any) -> dict[str, Any]:
    """The configuration of a stack as the engine hands it over: defaults, then its file."""
    schema = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]
    values = {f"{PROJECT}:{key}": e["default"] for key, e in schema.items() if "default" in e}
    values |= yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"]
    values |= {f"{PROJECT}:{key}": value for key, value in changes.items()}
    return {key: v if isinstance(v, str) else json.dumps(v) for key, v in values.items()}


def run(stack: str, *, account: str | None = None, preview: bool = False, **changes: Any) -> Graph:
    """The graph of the program for a stack with some settings changed."""
    graph = Graph()
    config = config_of(stack, **changes)
    provider = Provider(graph, account or config[f"{PROJECT}:accountId"])
    monitor = RecordingMonitor(provider)
    monitor.graph = graph
    settings.reset_options(project=PROJECT, stack=stack)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        mocks.set_mocks(provider, project=PROJECT, stack=stack, preview=preview, monitor=monitor)
        set_all_config(config)
        settings.set_root_resource(None)
        loop.run_until_complete(run_in_stack(lambda: runpy.run_path(str(ROOT / "__main__.py"))))
    finally:
        settings.set_root_resource(None)
        loop.close()
    return graph
