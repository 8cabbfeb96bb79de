import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from local.compute import Runner
from tests.emulated_account import LOGGING, Account, allow, eventually, refusal

MEBIBYTE = 1024 * 1024


def test_a_function_answers_right_after_it_was_created(account: Account) -> None:
    function = account.function("answers.echo")

    assert account.invoke(function, {"amount": "1.50", "n": [1, None]}) == (
        {"amount": "1.50", "n": [1, None]},
        None,
    )


def test_the_payload_reaches_the_function_as_it_was_sent(account: Account) -> None:
    function = account.function("answers.echo")

    answer = account.functions.invoke(FunctionName=function, Payload=b'{"n": 12345678901234567890}')

    assert answer["Payload"].read() == b'{"n": 12345678901234567890}'


def test_an_exception_is_an_unhandled_function_error(account: Account) -> None:
    answer, error = account.invoke(account.function("answers.fail"), "no such account")

    assert error == "Unhandled"
    assert (answer["errorType"], answer["errorMessage"]) == ("ValueError", "no such account")
    assert "raise ValueError(event)" in answer["stackTrace"][-1]


@pytest.mark.parametrize("status", [0, 3])
def test_a_worker_that_exits_fails_its_event_and_is_started_anew(
    account: Account, status: int
) -> None:
    function = account.function("answers.leave")

    for _ in range(2):
        answer, error = account.invoke(function, status)
        assert (error, answer["errorType"]) == ("Unhandled", "Runtime.ExitError")
        assert f"exit status {status}" in answer["errorMessage"]


def test_a_worker_is_killed_at_its_timeout_with_all_that_it_started(
    account: Account, tmp_path: Path
) -> None:
    function = account.function("answers.hang", timeout=3)
    marker = tmp_path / "child"

    answer, error = account.invoke(function, str(marker))

    assert (error, answer["errorType"]) == ("Unhandled", "Sandbox.Timedout")
    assert "Task timed out after 3.00 seconds" in answer["errorMessage"]
    eventually(lambda: not _alive(int(marker.read_text())))
    assert account.invoke(function, None) == (1, None), "a fresh process answers"


def _alive(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return not status.exists() or status.read_text().split()[2] != "Z"


def test_a_module_that_does_not_load_is_reported_with_its_own_error(account: Account) -> None:
    answer, error = account.invoke(account.function("broken.handler"))

    assert (error, answer["errorType"]) == ("Unhandled", "RuntimeError")
    assert answer["errorMessage"] == "the module does not load"


def test_a_role_that_is_gone_fails_the_invocation(account: Account, runner: Runner) -> None:
    role = account.role()
    # Nobody looks meanwhile: a worker that was started before the role went would go on with it.
    with runner._looking:  # pyright: ignore[reportPrivateUsage] - see above
        function = account.function("answers.echo", role=role)
        account.iam.delete_role(RoleName=role.rsplit("/", 1)[-1])

    answer, error = account.invoke(function)

    assert error == "Unhandled"
    assert "AssumeRole" in answer["errorMessage"]


def test_a_process_serves_many_events_and_keeps_its_memory(account: Account) -> None:
    function = account.function("answers.count")

    assert [account.invoke(function)[0] for _ in range(3)] == [1, 2, 3]


def test_events_run_in_parallel_and_one_at_a_time_in_a_process(
    account: Account, tmp_path: Path
) -> None:
    function = account.function("answers.meet", timeout=30)
    with ThreadPoolExecutor(6) as pool:
        ends = [pool.submit(account.invoke, function, str(tmp_path)) for _ in range(6)]
        runs = [end.result()[0] for end in ends]

    by_process: dict[int, list[tuple[float, float]]] = {}
    for process, begun, ended in sorted(runs, key=lambda run: run[1]):
        by_process.setdefault(process, []).append((begun, ended))
    assert len(by_process) > 1
    for spans in by_process.values():
        assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans))


def test_reserved_concurrency_throttles_and_zero_switches_off(account: Account) -> None:
    function = account.function("answers.echo")
    account.invoke(function)
    account.functions.put_function_concurrency(
        FunctionName=function, ReservedConcurrentExecutions=0
    )

    eventually(
        lambda: (
            refusal(account.functions.invoke, FunctionName=function) == "TooManyRequestsException"
        )
    )


def test_a_changed_environment_reaches_the_next_worker(account: Account) -> None:
    function = account.function("answers.environment", environment={"COLOUR": "red"})
    assert account.invoke(function)[0]["COLOUR"] == "red"

    account.functions.update_function_configuration(
        FunctionName=function,
        Environment={"Variables": {"HANDLER": "answers.environment", "COLOUR": "blue"}},
    )

    eventually(lambda: account.invoke(function)[0]["COLOUR"] == "blue")


def test_the_environment_is_the_functions_own(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_MACHINE", "x")
    function = account.function("answers.environment", environment={"COLOUR": "red"})

    environment, _ = account.invoke(function)

    assert "SECRET_OF_THE_MACHINE" not in environment
    assert environment["COLOUR"] == "red"
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == function
    assert environment["AWS_LAMBDA_FUNCTION_VERSION"] == "$LATEST"
    assert environment["AWS_REGION"] == account.emulator.region
    assert environment["AWS_ENDPOINT_URL"] == account.emulator.endpoint


def test_a_worker_has_its_roles_credentials_and_no_others(account: Account) -> None:
    role = account.role(allow("sqs:ListQueues"))
    function = account.function("answers.who", role=role)

    caller, _ = account.invoke(function)

    assert caller.endswith(f":assumed-role/{role.rsplit('/', 1)[-1]}/{function}")


def test_the_context_says_what_lambdas_says(account: Account) -> None:
    function = account.function("answers.context", timeout=60)

    answer, _ = account.invoke(function)

    assert answer["arn"] == account.arn("lambda", f"function:{function}")
    assert (answer["name"], answer["memory"]) == (function, "128")
    assert 30_000 < answer["remaining"] <= 60_000


def test_each_event_has_a_trace(account: Account) -> None:
    answer, _ = account.invoke(account.function("answers.trace"))

    assert answer.startswith("Root=1-")


def test_an_answer_above_six_mebibytes_fails(account: Account) -> None:
    answer, error = account.invoke(account.function("answers.huge"), 6 * MEBIBYTE)

    assert (error, answer["errorType"]) == ("Unhandled", "Function.ResponseSizeTooLarge")


def test_an_answer_that_is_no_json_fails(account: Account) -> None:
    answer, error = account.invoke(account.function("answers.strange"))

    assert (error, answer["errorType"]) == ("Unhandled", "TypeError")


@pytest.mark.parametrize(
    ("payload", "kind", "code"),
    [
        (b'"' + b"x" * 6 * MEBIBYTE + b'"', "RequestResponse", "RequestTooLargeException"),
        (b'"' + b"x" * MEBIBYTE + b'"', "Event", "RequestTooLargeException"),
        (b"{no json", "RequestResponse", "InvalidRequestContentException"),
    ],
)
def test_a_payload_that_lambda_refuses_is_refused(
    account: Account, payload: bytes, kind: str, code: str
) -> None:
    function = account.function("answers.echo")

    found = refusal(
        account.functions.invoke, FunctionName=function, Payload=payload, InvocationType=kind
    )

    assert found == code


def test_what_a_function_prints_reaches_its_log_group_and_its_file(
    account: Account, directory: Path
) -> None:
    function = account.function("answers.speak", role=account.role(allow(LOGGING)), logged=True)

    account.invoke(function, "spoken")

    eventually(lambda: len(_logged(account, function)) >= 5)
    lines = _logged(account, function)
    assert [line.split()[0] for line in lines] == ["START", "spoken", "spoken", "END", "REPORT"]
    assert "spoken" in (directory / "functions" / f"{function}.log").read_text()


def _logged(account: Account, function: str) -> list[str]:
    events = account.logs.filter_log_events(logGroupName=f"/aws/lambda/{function}")["events"]
    return [event.get("message", "") for event in events]


def test_a_role_that_may_not_log_leaves_no_log_and_runs(account: Account) -> None:
    function = account.function("answers.speak", role=account.role(), logged=True)

    assert account.invoke(function, "spoken") == (None, None)

    silent = account.function("answers.speak", role=account.role(allow(LOGGING)), logged=True)
    account.invoke(silent, "later")
    eventually(lambda: _logged(account, silent))
    assert _logged(account, function) == []


def test_lambdas_metrics_are_published_for_alarms(account: Account) -> None:
    function = account.function("answers.fail")
    account.invoke(function, "x")

    def errors() -> float:
        now = time.time()
        points = account.metrics.get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName="Errors",
            Dimensions=[{"Name": "FunctionName", "Value": function}],
            StartTime=now - 300,
            EndTime=now + 60,
            Period=60,
            Statistics=["Sum"],
        )["Datapoints"]
        return sum(point.get("Sum", 0.0) for point in points)

    assert eventually(errors) == 1.0


def test_an_event_that_fails_goes_to_the_destination_after_its_retries(account: Account) -> None:
    queue = account.queue(fifo=False)
    function = account.function("answers.fail")
    account.functions.put_function_event_invoke_config(
        FunctionName=function,
        MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure": {"Destination": account.queue_arn(queue)}},
    )

    account.functions.invoke(FunctionName=function, Payload=b'{"a": 1}', InvocationType="Event")

    (message,) = eventually(lambda: account.receive(queue, wait=1), seconds=15)
    body = json.loads(message["Body"])
    assert body["requestPayload"] == {"a": 1}
    assert body["requestContext"]["condition"] == "RetriesExhausted"
    assert body["responsePayload"]["errorType"] == "ValueError"


def test_an_unknown_function_is_not_found(account: Account) -> None:
    assert (
        refusal(account.functions.invoke, FunctionName="never-made") == "ResourceNotFoundException"
    )
