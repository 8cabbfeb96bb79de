"""One judge of AWS's policy documents, for the emulator and for proofs about the program."""

from local.emulator.judge.decision import Decision, Policies, Request, judge
from local.emulator.judge.documents import Statement, UnjudgeableError, statements

__all__ = [
    "Decision",
    "Policies",
    "Request",
    "Statement",
    "UnjudgeableError",
    "judge",
    "statements",
]
