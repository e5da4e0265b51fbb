"""The roles of staff; their permissions are one table in services/staff/duties.py."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody is employed to do; an account may bear several."""

    INTAKE = "intake"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
    MEDIATOR = "mediator"
    ARCHIVE = "archive"
    CAMPAIGN = "campaign"
    PUBLISHER = "publisher"
    ASSOCIATION = "association"
    ASSOCIATION_HEAD = "association_head"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
