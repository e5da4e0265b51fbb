"""The public lists and the repair guide: what is in force today, by list, region, date and name."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, abort, render_template, request

from config.archive import ArchiveRules
from models.database import Database
from models.listing import Kind
from services.credit.guide import guide
from services.credit.public_lists import ListWanted, find_entries, heads_of, regions_of
from services.credit.report import compose_report
from services.credit.words import BLOCK_WORDS, MISSING_WORDS, ROUTE_WORDS, SEVERITY_WORDS

KIND_WORDS = {Kind.BLACK: "严重失信主体名单", Kind.RED: "守信名单（诚信典型）"}
LONGEST = 60
MOST_PAGES = 9_999


def add_public_lists(pages: Blueprint, database: Database, rules: ArchiveRules, today: Callable[[], date]) -> None:
    """/h5/lists: what they mean and which there are; /h5/lists/<kind>: who is on them."""

    @pages.get("/h5/lists")
    def lists() -> str:
        """What the lists mean, and those on which somebody is today."""
        with database.read() as session:
            heads = heads_of(session, today())
        return render_template("h5/lists.html", heads=heads)

    @pages.get("/h5/lists/<kind>")
    def list_entries(kind: str) -> str:
        """A page of entries with its filters, which stand in the address."""
        if kind not in set(Kind):
            abort(404)
        wanted, fault = read_wanted(Kind(kind))
        number = request.args.get("page", "1")
        page = int(number) if number.isdecimal() and len(number) < 5 else 1
        with database.read() as session:
            found = find_entries(session, wanted, today(), min(max(page, 1), MOST_PAGES))
            heads, regions = heads_of(session, today(), Kind(kind)), regions_of(session, today())
        shown = {"found": found, "wanted": wanted, "heads": heads, "regions": regions, "fault": fault}
        kept = {name: value for name, value in request.args.items() if name != "page" and value}
        words = {"kept": kept, "word": KIND_WORDS[Kind(kind)], "sectors": rules.tags.sectors}
        return render_template("h5/list_entries.html", **shown, **words, today=today())

    @pages.get("/h5/enterprises/<int(max=2147483647):enterprise_id>/repair")
    def repair(enterprise_id: int) -> str:
        """What speaks against the firm today, and from when, where and how it can be taken off."""
        with database.read() as session:
            report = compose_report(session, enterprise_id, today())
            if report is None:
                abort(404)
            found = guide(session, enterprise_id, today())
        words = {"BLOCK": BLOCK_WORDS, "MISSING": MISSING_WORDS, "ROUTE": ROUTE_WORDS, "SEVERITY": SEVERITY_WORDS}
        return render_template("h5/repair.html", report=report, guide=found, site=rules.repair, **words)


def read_wanted(kind: Kind) -> tuple[ListWanted, str]:
    """The filters of the address, and what is wrong with them; a day that is none does not narrow."""
    said = {name: request.args.get(name, "").strip()[:LONGEST] for name in ("list", "region", "firm", "sector")}
    first, last = (read_day(request.args.get(name, "")) for name in ("from", "to"))
    fault = ""
    if any(request.args.get(name) and day is None for name, day in (("from", first), ("to", last))):
        fault = "日期要写成 2026-11-20 这样，这次没有按日期筛选。"
    elif first and last and first > last:
        fault = "开始日期晚于结束日期，请改一下。"
    wanted = ListWanted(kind, said["list"][:120], said["region"], said["firm"], first, last, said["sector"])
    return wanted, fault


def read_day(text: str) -> date | None:
    """2026-11-20; None for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
