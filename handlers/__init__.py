"""What citizens can say and who answers: the ordered list of routers is the map of the whole bot."""

from bot.router import Router

ROUTERS: list[Router] = []
