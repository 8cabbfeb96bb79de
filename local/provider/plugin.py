"""The engine's calls, answered over the kinds of `local.resources`."""

from pathlib import Path
from typing import Any

import boto3
import botocore.session
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2

from local.emulator.emulator import WITHOUT_PROFILE
from local.properties import from_struct, to_struct
from local.provider.differences import Difference, difference
from local.provider.settings import ProviderSettings, ProviderSettingsError, read_settings
from local.resources import offline
from local.resources.account import Account, State
from local.resources.clients import Clients
from local.resources.errors import InvalidInputs, ResourceFailure
from local.resources.table import kind_of

VERSION = "7.51.1"

Kinds = provider_pb2.PropertyDiff.Kind


class Plugin:
    """One provider, of one project, configured once."""

    def __init__(self, root: Path) -> None:
        """Take `root` as the folder that paths in a program's resources start from."""
        self._root = root
        self._settings = ProviderSettings(region="us-east-2", account="")
        self._account: Account | None = None

    def handshake(
        self, request: provider_pb2.ProviderHandshakeRequest
    ) -> provider_pb2.ProviderHandshakeResponse:
        """Agree on what the two sides understand: plain values."""
        del request
        return provider_pb2.ProviderHandshakeResponse()

    def get_plugin_info(self, request: empty_pb2.Empty) -> plugin_pb2.PluginInfo:
        """The version of the AWS provider whose kinds these are."""
        del request
        return plugin_pb2.PluginInfo(version=VERSION)

    def check_config(self, request: provider_pb2.CheckRequest) -> provider_pb2.CheckResponse:
        """Refuse a configuration that leads anywhere else than to this machine."""
        read_settings(from_struct(request.news))
        return provider_pb2.CheckResponse(inputs=request.news)

    def diff_config(self, request: provider_pb2.DiffRequest) -> provider_pb2.DiffResponse:
        """Another configuration changes no resource by itself."""
        del request
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def configure(self, request: provider_pb2.ConfigureRequest) -> provider_pb2.ConfigureResponse:
        """Take the stack's configuration of the provider."""
        self._settings = read_settings(from_struct(request.args))
        core = botocore.session.Session(session_vars=WITHOUT_PROFILE)
        session = boto3.Session(botocore_session=core, region_name=self._settings.region)
        clients = Clients(
            session,
            root=self._root,
            endpoints=self._settings.endpoints,
            otherwise=self._settings.otherwise,
        )
        self._account = Account(clients, default_tags=self._settings.default_tags)
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def check(self, request: provider_pb2.CheckRequest) -> provider_pb2.CheckResponse:
        """Name, tag and validate a resource's inputs."""
        token, name = _of(request)
        try:
            inputs = self._configured.check(
                token,
                name,
                from_struct(request.news),
                old=from_struct(request.olds) if request.HasField("olds") else None,
                seed=request.randomSeed or None,
            )
        except InvalidInputs as invalid:
            failures = [provider_pb2.CheckFailure(reason=reason) for reason in invalid.failures]
            return provider_pb2.CheckResponse(inputs=request.news, failures=failures)
        return provider_pb2.CheckResponse(inputs=to_struct(inputs))

    def diff(self, request: provider_pb2.DiffRequest) -> provider_pb2.DiffResponse:
        """Say what an update would change and whether it takes a new resource."""
        token, name = _of(request)
        new, state = from_struct(request.news), from_struct(request.olds)
        found = difference(kind_of(token, name), from_struct(request.old_inputs), new)
        retagged = self._configured.retagged(token, name, state, new)
        return _diff_response(found, retagged=retagged)

    def create(self, request: provider_pb2.CreateRequest) -> provider_pb2.CreateResponse:
        """Make a resource, or say what it would be."""
        token, name = _of(request)
        inputs = from_struct(request.properties)
        if request.preview:
            outputs = self._configured.preview(token, name, inputs)
            return provider_pb2.CreateResponse(properties=to_struct(outputs))
        state = self._applying(token, name).create(token, name, inputs)
        return provider_pb2.CreateResponse(id=state.id, properties=to_struct(state.outputs))

    def read(self, request: provider_pb2.ReadRequest) -> provider_pb2.ReadResponse:
        """The resource as it is now; an answer without an id where it is gone."""
        token, name = _of(request)
        state = State(
            id=request.id,
            inputs=from_struct(request.inputs),
            outputs=from_struct(request.properties),
        )
        live = self._applying(token, name).read(token, name, state)
        if live is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=live.id, properties=to_struct(live.outputs), inputs=to_struct(live.inputs)
        )

    def update(self, request: provider_pb2.UpdateRequest) -> provider_pb2.UpdateResponse:
        """Change a resource, or say what it would become."""
        token, name = _of(request)
        old, inputs = from_struct(request.olds), from_struct(request.news)
        if request.preview:
            outputs = self._configured.preview_update(token, name, old, inputs)
        else:
            state = State(id=request.id, inputs=from_struct(request.old_inputs), outputs=old)
            outputs = self._applying(token, name).update(token, name, state, inputs).outputs
        return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    def delete(self, request: provider_pb2.DeleteRequest) -> empty_pb2.Empty:
        """Remove a resource."""
        token, name = _of(request)
        state = State(
            id=request.id,
            inputs=from_struct(request.old_inputs),
            outputs=from_struct(request.properties),
        )
        self._applying(token, name).delete(token, name, state)
        return empty_pb2.Empty()

    def invoke(self, request: provider_pb2.InvokeRequest) -> provider_pb2.InvokeResponse:
        """Answer a function of the provider."""
        arguments = from_struct(request.args)
        if self._settings.applies:
            answer = self._configured.invoke(request.tok, arguments)
        else:
            answer = offline.invoke(request.tok, arguments, self._settings.account)
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").update(answer)  # the field's name is a keyword of Python
        return response

    def cancel(self, request: empty_pb2.Empty) -> empty_pb2.Empty:
        """Nothing is under way that would have to be told: each call ends by itself."""
        del request
        return empty_pb2.Empty()

    @property
    def _configured(self) -> Account:
        if self._account is None:
            raise ProviderSettingsError("the engine has not configured the provider")
        return self._account

    def _applying(self, token: str, name: str) -> Account:
        if not self._settings.applies:
            raise ResourceFailure(
                token,
                name,
                "there is no embedded AWS to apply to: set aws:endpoints or AWS_ENDPOINT_URL",
            )
        return self._configured


def _of(request: Any) -> tuple[str, str]:  # noqa: ANN401 - any of the resource requests
    """The type token and the name in a request's URN."""
    parts = request.urn.split("::")
    return parts[2].split("$")[-1], "::".join(parts[3:])


def _diff_response(found: Difference, *, retagged: bool) -> provider_pb2.DiffResponse:
    detailed: dict[str, provider_pb2.PropertyDiff] = {}
    for keys, plain, replacing in (
        (found.added, Kinds.ADD, Kinds.ADD_REPLACE),
        (found.removed, Kinds.DELETE, Kinds.DELETE_REPLACE),
        (found.updated, Kinds.UPDATE, Kinds.UPDATE_REPLACE),
    ):
        for key in keys:
            kind = replacing if key in found.replacing else plain
            detailed[key] = provider_pb2.PropertyDiff(kind=kind, inputDiff=True)
    if retagged:
        detailed["tagsAll"] = provider_pb2.PropertyDiff(kind=Kinds.UPDATE)
    changes = provider_pb2.DiffResponse
    return provider_pb2.DiffResponse(
        changes=changes.DIFF_SOME if detailed else changes.DIFF_NONE,
        diffs=sorted(detailed),
        replaces=sorted(found.replacing),
        deleteBeforeReplace=found.delete_first,
        detailedDiff=detailed,
        hasDetailedDiff=True,
    )
