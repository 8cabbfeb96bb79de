from pathlib import Path

from local.emulator.record import Recorder, Use, denied, read

CALL = Use(principal="role", action="sqs:SendMessage", resource="queue")
REFUSED = Use(principal="role", action="sqs:PurgeQueue", resource="queue", allowed=False)


def test_calls_that_differ_in_nothing_are_counted() -> None:
    recorder = Recorder()
    for use in (CALL, CALL, REFUSED):
        recorder.note(use)

    assert {(one.use, one.count) for one in read(recorder.lines())} == {(CALL, 2), (REFUSED, 1)}


def test_the_denied_ones_are_found_in_the_file_that_is_left(tmp_path: Path) -> None:
    recorder = Recorder()
    recorder.note(CALL)
    recorder.note(REFUSED)
    file = tmp_path / "record.jsonl"
    file.write_bytes(recorder.lines())

    assert [one.use for one in denied(read(file.read_bytes()))] == [REFUSED]
