"""The bank of the local system: a real HTTP server that fails to order, with open books."""
