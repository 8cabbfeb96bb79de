"""Runs the jobs on all processors that this process may use."""

import gc
import multiprocessing
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed

from bench.circuit.job import ORIGINAL, PLAIN, POWERTOOLS, Job
from bench.rivals.original import Original
from bench.rivals.plain import Plain
from bench.rivals.powertools import Powertools
from bench.rows import OURS
from bench.simulator.case import Result
from bench.simulator.ours import Ours
from bench.simulator.silence import quiet
from bench.simulator.world import Build, simulate

BUILDS: dict[str, Build] = {
    OURS: Ours,
    ORIGINAL: Original,
    POWERTOOLS: Powertools,
    PLAIN: Plain,
}


def run_one(job: Job) -> Result:
    """One job in this process; the search for cycles is put off, and leaves out what was before."""
    gc.disable()
    gc.freeze()
    with quiet() as errors:
        result = simulate(job.case, job.system, BUILDS[job.system])
    gc.collect()
    result.errors = errors
    return result


def run_all(jobs: Iterable[Job]) -> Iterator[tuple[Job, Result]]:
    """All jobs, each as soon as it is done; the long ones are begun first."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=len(os.sched_getaffinity(0)), mp_context=context) as pool:
        under_way = {
            pool.submit(run_one, job): job
            for job in sorted(jobs, key=lambda job: job.cost, reverse=True)
        }
        for done in as_completed(under_way):
            yield under_way[done], done.result()
