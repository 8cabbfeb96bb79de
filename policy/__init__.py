"""A policy pack for event-driven programs on AWS: it decides on the first preview.

The package imports nothing but Pulumi's policy SDK; the folder can be copied into any project.
"""
