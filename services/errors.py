"""Errors whose message is for the person who can put them right."""


class UserError(Exception):
    """One clear Chinese line for whoever started the work; the command line prints it and ends with 1."""
