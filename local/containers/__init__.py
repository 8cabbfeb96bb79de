"""A container engine and a base image, for machines that have neither."""
