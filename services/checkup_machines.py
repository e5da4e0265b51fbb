"""What can be wrong between machines that share the work: Redis, workers, who holds the timetable."""

from config.settings import JobsEngine, Settings
from models.database import Database
from models.tallies import AT_WORK, TalliesAwayError
from services import timetable_lease
from services.checkup import Finding, State, fine


def check_machines(settings: Settings, database: Database) -> list[Finding]:
    """Nothing where there is one machine."""
    if database.tallies is None:
        return []
    try:
        works = database.tallies.has_mark(AT_WORK)
    except TalliesAwayError:
        advice = "服务照常（由数据库计次，时间表自己做后台任务），但请尽快启动 Redis，核对 REDIS_URL"
        return [Finding("Redis", State.NOTE, "Redis 没有答复", advice)]
    findings = [fine("Redis", "有答复")]
    if settings.jobs_engine is JobsEngine.CELERY:
        findings += [check_workers(works), check_holder(database)]
    return findings


def check_workers(works: bool) -> Finding:
    """Whether one has done something in the last seconds."""
    if works:
        return fine("工人", "有工人在做后台任务")
    advice = "时间表正自己做，会慢一些：systemctl status chengxin-worker"
    return Finding("工人", State.NOTE, "没有工人在做后台任务", advice)


def check_holder(database: Database) -> Finding:
    """Who holds the timetable."""
    with database.read() as session:
        seen = timetable_lease.look(session)
    if not seen.holder:
        return Finding("时间表", State.FAULT, "没有机器当班", "至少在一台机器上启动 chengxin-jobs")
    machine, number, *_ = seen.holder.split(":")
    return fine("时间表", f"{machine} 当班（进程 {number}，编号 {seen.fence}）")
