"""The page of the local system: what it looks like from above, and a few buttons."""

from local.page.server import Page

__all__ = ["Page"]
