import re

from local.compute.tracing import new_trace, trace_of


def test_a_new_trace_has_the_form_of_x_ray() -> None:
    form = r"Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0"

    assert re.fullmatch(form, new_trace())


def test_records_of_one_trace_carry_it_on() -> None:
    records = [{"attributes": {"AWSTraceHeader": "Root=1"}}] * 2

    assert trace_of(records) == "Root=1"


def test_records_of_several_traces_get_a_new_one() -> None:
    records = [{"attributes": {"AWSTraceHeader": "Root=1"}}, {"attributes": {}}]

    assert trace_of(records).startswith("Root=1-")
