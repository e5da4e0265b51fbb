"""`chengxin fit`: the finder's weights, refitted on the bureau's own log of choices."""

import json
from collections.abc import Mapping
from pathlib import Path

import click

from config.settings import load_settings
from models.migration import check_schema
from services.enterprises.outcomes import Score
from services.enterprises.refitting import Refit, read_log, read_names, refit
from services.enterprises.weights import OWN_NAME, SHIPPED, WeightsInUse, write_tables
from services.errors import UserError
from wsgi import open_database, read_clock

WORDS = {
    "logged": "市民选过的",
    "logged absent": "市民说都不是的",
    "made": "模拟写错的",
    "made absent": "模拟查无此企业的",
}


@click.command()
@click.option("--dry", is_flag=True, help="只比较，不启用。")
@click.option("--reset", is_flag=True, help="停用本单位的权重，恢复随软件提供的权重。")
def fit(dry: bool, reset: bool) -> None:
    """按本单位积累的选择记录重新拟合查找权重；比现有的好才启用，运行中的服务几秒内自动采用。"""
    if dry and reset:
        raise UserError("--dry 与 --reset 只能用一个")
    settings = load_settings()
    if reset:
        click.echo(reset_weights(settings.data_dir))
        return
    database = open_database(settings)
    check_schema(database)
    with database.read() as session:
        names, log = read_names(session), read_log(session)
    database.close()
    in_use = WeightsInUse(settings.data_dir).current()
    found = refit(names, log, in_use, read_clock().date(), click.echo)
    click.echo(compare(found))
    if not found.is_better:
        raise UserError("新权重在未参与拟合的企业上不比现有的好，没有启用，继续使用现有权重")
    if dry:
        click.echo("新权重更好；去掉 --dry 即可启用")
        return
    path = settings.data_dir / OWN_NAME
    write_tables(path, explain() | found.weights)
    click.echo(f"已启用：{path}；运行中的服务几秒内自动采用。要恢复请运行 chengxin fit --reset")


def reset_weights(folder: Path) -> str:
    """Go back to the weights shipped; what was done."""
    path = folder / OWN_NAME
    if not path.exists():
        return "没有本单位的权重，使用的就是随软件提供的权重"
    path.unlink()
    return "已恢复随软件提供的权重，运行中的服务几秒内自动采用"


def explain() -> dict[str, object]:
    """What the numbers mean, as the file that is shipped says it."""
    shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return {name: shipped[name] for name in ("about", "meanings")}


def compare(found: Refit) -> str:
    """Before and after on the half of the firms that the fit has not seen, group by group."""
    told = [
        f"  {WORDS[name]} {one.count} 次：{tell_change(found.before, found.after, name)}"
        for name, one in found.after.items()
    ]
    return "\n".join(("在未参与拟合的一半企业上（现有 → 新）：", *told))


def tell_change(before: Mapping[str, Score], after: Mapping[str, Score], name: str) -> str:
    """The shares of one group, in percent."""
    old, new = before[name], after[name]
    shares = [("答未找到", old.none, new.none)]
    if not name.endswith("absent"):
        shares = [("排第一", old.first, new.first), ("前五位", old.five, new.five), *shares]
    return "，".join(f"{word} {100 * was:.1f}% → {100 * now:.1f}%" for word, was, now in shares)
