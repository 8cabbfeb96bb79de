from components.queries import QUERIES
from tests.unit.components.harness import SERVICES, Graph

PREFIX = "utility-customer-system-dev"


def test_each_query_is_saved_in_the_stacks_folder(dev: Graph) -> None:
    assert dev.names("QueryDefinition") == {f"{PREFIX}/{query.name}" for query in QUERIES}


def test_a_query_reads_the_workers_logs_and_the_managers_its_own(dev: Graph) -> None:
    workers = [f"/aws/lambda/{PREFIX}-{service}" for service in SERVICES]
    manager = [f"/aws/lambda/{PREFIX}-subscription-manager"]
    read = {q.inputs["name"]: q.inputs["logGroupNames"] for q in dev.all("QueryDefinition")}
    assert read.pop(f"{PREFIX}/manager") == manager
    assert list(read.values()) == [workers] * len(read)
