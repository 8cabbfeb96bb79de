"""Runs the emulated account's functions: Lambda's data plane on this machine."""

from local.compute.code import Code, Resolver
from local.compute.runner import Runner

__all__ = ["Code", "Resolver", "Runner"]
