"""The control API under /simulate: all that a person can do on the phone, for scripts."""
