"""Guards against whole classes of mistakes, over the whole tree."""

import ast
import json
import logging
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2.meta import find_undeclared_variables
from sqlalchemy import text as sql

from bot.wording import ENVIRONMENT, render
from config.settings import Settings
from models.database import Database
from models.migration import upgrade_database
from models.vault import Vault
from services.enterprises.finding import Reason
from tests.citizen import Citizen, make_desk, make_settings
from tests.disk import read_folder
from wsgi import create_app

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ROOMS = [*PROJECT["tool"]["setuptools"]["packages"], "benchmarks", "tools"]
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "versions" not in path.parts)
MODULES.append(ROOT / "wsgi.py")
CHAT = ROOT / "bot/templates"
TEMPLATES = sorted([*CHAT.glob("*.txt"), *(ROOT / "web/templates").rglob("*.html")])
LONGEST_FILE, LONGEST_FUNCTION = 300, 50
# The FAQ line that explains the present name of what people call 黑名单 (国办发〔2020〕49号).
PRESENT_NAME = re.compile(
    r"原“黑名单”|“黑名单”(?:是|为)?|不(?:再)?(?:用|叫|使用).{0,6}黑名单|黑名单”?(?:现|这个|的?说法|一词)"
)
# “未查到”不等于没有问题: praise may be named where it is denied.
DENIED_PRAISE = re.compile(r"(?:不是|不等于|不表示|不代表|不是说|并非|不说明|不意味着|也不)[^。；]{0,24}")
PRAISE = ("信用良好", "信用优良", "值得信赖", "放心消费", "可放心", "请放心", "绝对安全", "没有问题")


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_is_short_and_says_what_it_holds(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if not text:
        return
    tree = ast.parse(text)
    doc = ast.get_docstring(tree, clean=False)
    assert doc, "no docstring"
    assert doc.splitlines()[0].rstrip().endswith((".", ":")), "the first line is a sentence"
    assert len(text.splitlines()) <= LONGEST_FILE
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < LONGEST_FUNCTION, node.name
            inner = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not inner, f"import inside {node.name}"


def test_test_modules_are_told_apart_by_their_names() -> None:
    """pytest imports them by their names alone where a folder is no package: the second of two would not run."""
    paths = sorted((ROOT / "tests").rglob("test_*.py"))
    names = [path.name for path in paths]
    assert len(names) > 100
    assert [relative(path) for path in paths if names.count(path.name) > 1] == []


def test_every_package_is_listed() -> None:
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert {name for name in ROOMS if "." not in name} - {"benchmarks", "tools"} == found


@pytest.mark.parametrize(
    "name",
    [
        "requirements.lock",
        "requirements-ocr.lock",
        "requirements-dev.lock",
        "requirements-node.lock",
        "package-lock.json",
    ],
)
def test_locks_hold_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    if name.endswith(".lock"):
        blocks = re.split(r"\n(?=\S)", text.strip())
        assert len(blocks) >= 1
        assert all(re.match(r"[a-z0-9._-]+==", block) and "--hash=sha256:" in block for block in blocks)
    else:
        assert text.count('"integrity"') >= 1


def test_every_direct_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text[text.index("dependencies = [") : text.index("[project.optional-dependencies]")]
    lines = [line for line in block.splitlines() if line.strip().startswith('"')]
    assert len(lines) > 10
    assert all("#" in line for line in lines)


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_templates_keep_to_the_words_of_the_law(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    plain = DENIED_PRAISE.sub("", text)
    assert not [word for word in PRAISE if word in plain]
    assert "黑名单" not in PRESENT_NAME.sub("", text), "only the line that explains the present name may say it"


CHAT_TEMPLATES = sorted(path.stem for path in CHAT.glob("*.txt"))
# What each of these gives to the template it is told to render; `render` gives its keywords.
GIVEN = {"say": {"desk"}, "about": {"bureau", "desk"}}


def read_needs(name: str) -> set[str]:
    """The values without which a chat template does not render."""
    tree = ENVIRONMENT.parse((CHAT / f"{name}.txt").read_text(encoding="utf-8"))
    return find_undeclared_variables(tree) - set(ENVIRONMENT.globals)


def find_renderings() -> Iterator[tuple[str, set[str]]]:
    """Every template named in a call, with the values that the call gives."""
    for path in [*(ROOT / "handlers").glob("*.py"), *(ROOT / "bot").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
                continue
            name = node.args[0].value if isinstance(node.args[0], ast.Constant) else ""
            keywords = {keyword.arg for keyword in node.keywords}
            if isinstance(name, str) and name in CHAT_TEMPLATES and None not in keywords:
                given = {str(keyword) for keyword in keywords} if node.func.id == "render" else GIVEN.get(node.func.id)
                if given is not None:
                    yield name, given


def test_templates_are_given_all_they_need() -> None:
    renderings = list(find_renderings())
    assert len(renderings) > 25
    assert not [(name, read_needs(name) - given) for name, given in renderings if read_needs(name) - given]


def test_no_template_lies_unused() -> None:
    rooms = [path for room in ("handlers", "bot", "services", "jobs") for path in (ROOT / room).rglob("*.py")]
    named = "".join(path.read_text(encoding="utf-8") for path in [*rooms, *CHAT.glob("*.txt")])
    reasons = {f"credit_{reason}" for reason in Reason}
    assert not [name for name in CHAT_TEMPLATES if not re.search(rf'"{name}(\.txt)?"', named) and name not in reasons]


@pytest.mark.parametrize("name", [name for name in CHAT_TEMPLATES if read_needs(name) <= {"bureau", "desk"}])
def test_what_needs_only_the_bureau_is_a_whole_text(name: str, tmp_path: Path) -> None:
    desk = make_desk(make_settings(data_dir=tmp_path))
    text = render(name, bureau=desk.bureau, desk=desk)
    assert 0 < len(text.encode()) <= 2048
    assert not re.search(r"\{[{%#]|[}%#]\}|\bNone\b|Undefined|\n{3}", text)


def test_decisions_have_context_decision_and_price() -> None:
    decisions = sorted((ROOT / "docs/adr").glob("*.md"))
    numbers = [path.name[:4] for path in decisions]
    assert numbers == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    for path in decisions:
        assert re.findall(r"^## (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE) == [
            "Context",
            "Decision",
            "Price",
        ]


def test_documents_link_to_what_exists() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{relative(path)} → {target}"


CANARY_OPENID = "oCANARYcanaryCANARYcanary123"
CANARY_TEXT = "金丝雀九零七食品有限公司"


@pytest.fixture
def app(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Flask]:
    """The whole web process; its log goes to `capsys`, which therefore comes first."""
    settings = make_settings(data_dir=tmp_path)
    database = Database(settings.database, Vault(settings.secret_key))
    upgrade_database(database)
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield create_app(settings)
    root.handlers[:], root.level = before


def test_nothing_personal_and_no_secret_is_logged_or_lies_open(
    app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = make_settings(data_dir=tmp_path)
    citizen = Citizen(app.test_client(), settings, openid=CANARY_OPENID)
    for words in (CANARY_TEXT, "帮助", f"查{CANARY_TEXT}怎么样", "\x00"):
        citizen.says(words)
    page = app.test_client()
    page.get(f"/h5/search?q={CANARY_TEXT}")
    page.get(f"/h5/{CANARY_TEXT}?openid={CANARY_OPENID}")
    page.get("/h5/enterprises/99999999")
    page.post(f"/wechat?signature=x&timestamp=1&nonce=2&openid={CANARY_OPENID}", data=b"<xml>")
    break_database(settings)
    citizen.says(CANARY_TEXT)
    page.get(f"/h5/search?q={CANARY_TEXT}")
    said, files = capsys.readouterr(), read_folder(tmp_path)
    for proof in ("bad signature", "404", "OperationalError", "kept in the spool"):
        assert proof in said.err, "the log was not read"
    assert len(files) > 10_000
    for secret in (CANARY_OPENID, CANARY_TEXT, settings.wechat_token, settings.wechat_app_secret, settings.secret_key):
        assert secret not in said.err + said.out
        assert json.dumps(secret) not in said.err + said.out
        assert secret.encode() not in files


def break_database(settings: Settings) -> None:
    """So that every further question fails in the middle, with its values at hand for a careless log line."""
    database = Database(settings.database, Vault(settings.secret_key))
    with database.write() as session:
        session.execute(sql("DROP TABLE conversations"))
        session.execute(sql("ALTER TABLE enterprises RENAME TO gone"))
    database.close()


def test_every_route_is_known(app: Flask) -> None:
    routes = {
        f"{','.join(sorted(rule.methods - {'HEAD', 'OPTIONS'}))} {rule.rule}"
        for rule in app.url_map.iter_rules()
        # tests/web/test_console_gate.py, test_complaint_progress.py and test_taking_part_routes.py walk these
        if rule.methods and not rule.endpoint.startswith(("console.", "complaints.", "taking."))
    }
    assert routes == {
        "GET /",
        "GET /api/docs",
        "GET /api/hotline/files/<token>",
        "GET /api/hotline/orders/<source_no>",
        "GET /api/openapi.json",
        "GET /assets/<path:filename>",
        "GET /check",
        "GET /check/<token>",
        "GET /h5/about",
        "GET /h5/articles",
        "GET /h5/articles/<int(max=2147483647):article_id>",
        "GET /h5/articles/pictures/<int(max=2147483647):picture_id>",
        "GET /h5/associations/<int(max=2147483647):association_id>",
        "GET /h5/promises",
        "GET /h5/contact",
        "GET /h5/enterprises/<int(max=2147483647):enterprise_id>",
        "GET /h5/enterprises/<int(max=2147483647):enterprise_id>/paper.pdf",
        "GET /h5/enterprises/<int(max=2147483647):enterprise_id>/repair",
        "GET /h5/lists",
        "GET /h5/lists/<kind>",
        "GET /h5/search",
        "GET /h5/suggest",
        "GET /healthz",
        "GET /metrics",
        "GET /readyz",
        "GET /store/<code>",
        "GET /wechat",
        "POST /api/hotline/orders",
        "POST /api/hotline/statuses",
        "POST /h5/letters",
        "POST /wechat",
    }
