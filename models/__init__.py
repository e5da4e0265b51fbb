"""What is remembered: tables and their words."""

from models.base import Base
from models.enterprise import Enterprise, EnterpriseName, RegisterRevision
from models.follower import ContactWindow, ConversationState, Follower
from models.listing import Listing
from models.notice import Notice
from models.platform import AccessToken, ApiPause
from models.received import Received
from models.record import Dataset, Record

__all__ = [
    "AccessToken",
    "ApiPause",
    "Base",
    "ContactWindow",
    "ConversationState",
    "Dataset",
    "Enterprise",
    "EnterpriseName",
    "Follower",
    "Listing",
    "Notice",
    "Received",
    "Record",
    "RegisterRevision",
]
