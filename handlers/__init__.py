"""What citizens can say and who answers: the ordered list of routers is the map of the whole bot."""

from bot.router import Router
from handlers import bureau, cancel, credit, emergency, fallback, followups, photo, scan, welcome

ROUTERS: list[Router] = [
    emergency.router,
    cancel.router,
    welcome.router,
    followups.router,
    scan.router,
    photo.router,
    bureau.router,
    credit.router,
    fallback.router,
]
