"""Least privilege as something that can be proved: what is granted, what was used, and no more."""
