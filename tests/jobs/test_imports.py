"""Drop folders and sources that are asked: whole files only, receipts, no way into private networks."""

import json
import os
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from typing import ClassVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import ValidationError
from sqlalchemy import select

from config.sources import Sources, load_sources
from jobs.imports import ImportClerk
from models.database import Database
from models.importing import ImportRun, ImportSource, RunState
from models.record import Dataset, Record
from services.credit.report import compose_report
from services.errors import UserError
from services.imports.fetching import Fetcher, is_public
from services.imports.runs import claim
from services.imports.uploads import imports_of
from tests.console import Clock
from tests.factories import make_enterprise
from tests.import_files import lay_out, penalty, spell_csv
from tests.register_files import code

HOST = "credit.example.gov.cn"
FOLDER = {"code": "court", "kind": "court", "unit": "人民法院", "way": "folder", "fresh_days": 7}
CENTRE = {
    "code": "centre",
    "kind": "penalty",
    "unit": "市信用中心",
    "way": "https",
    "fresh_days": 15,
    "every_minutes": 60,
}


@pytest.fixture
def clerk(sqlite: Database, tmp_path: Path, now: datetime) -> ImportClerk:
    with sqlite.write() as session:
        make_enterprise(session, "长沙第1商贸有限公司", code(1))
    sources = Sources.model_validate({"sources": [FOLDER]})
    return ImportClerk(sqlite, imports_of(tmp_path), tmp_path / "incoming", sources, Clock(now))


def drop(clerk: ImportClerk, name: str, content: bytes, kind: str = "penalty", age: float = 60) -> Path:
    """A file that was last written so many seconds ago."""
    path = clerk.folder / kind / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    moment = clerk.clock().timestamp() - age
    os.utime(path, (moment, moment))
    return path


def look_twice(clerk: ImportClerk) -> int:
    """Two looks: the second one sees that a file has not grown."""
    return clerk.look() + clerk.look()


SHEET = spell_csv(lay_out([penalty(1), penalty(2, 处罚机关="")]))


def test_a_whole_file_is_imported_and_moved_with_its_receipt(clerk: ImportClerk) -> None:
    path = drop(clerk, "处罚.csv", SHEET)
    assert look_twice(clerk) == 1
    assert not path.exists()
    done = {one.name.split("-", 3)[3]: one for one in (clerk.folder / "done").iterdir()}
    assert set(done) == {"处罚.csv", "处罚.csv.回执.json", "处罚.csv.退回.xlsx"}
    receipt = json.loads(done["处罚.csv.回执.json"].read_text())
    assert (receipt["新增"], receipt["拒收"], receipt["退回原因"]) == (1, 1, {"缺少处罚机关": 1})
    with clerk.database.read() as session:
        source = session.scalars(select(ImportSource)).one()
    assert (source.code, source.succeeded_at, source.fault_count) == ("folder-penalty", clerk.clock(), 0)


def test_a_file_that_is_no_sheet_is_refused_with_the_reason(clerk: ImportClerk) -> None:
    drop(clerk, "说明.csv", "地址\n长沙\n".encode())
    look_twice(clerk)
    (receipt,) = (clerk.folder / "refused").glob("*.json")
    assert "表头看不懂" in json.loads(receipt.read_text())["原因"]


def test_half_copied_files_hidden_ones_and_links_are_left_alone(clerk: ImportClerk, tmp_path: Path) -> None:
    drop(clerk, "刚写的.csv", SHEET, age=5)
    drop(clerk, "传输中.csv.part", SHEET)
    drop(clerk, ".隐藏.csv", SHEET)
    growing = drop(clerk, "还在长.csv", SHEET)
    outside = tmp_path / "别处.csv"
    outside.write_bytes(SHEET)
    (clerk.folder / "penalty" / "链接.csv").symlink_to(outside)
    clerk.look()
    with growing.open("ab") as more:
        more.write(SHEET)
    os.utime(growing, (clerk.clock().timestamp() - 40,) * 2)
    assert clerk.look() == 0
    assert len(list((clerk.folder / "penalty").iterdir())) == 5


def test_a_dropped_file_waits_while_another_import_goes_on(clerk: ImportClerk) -> None:
    drop(clerk, "处罚.csv", SHEET)
    clerk.look()
    with clerk.database.write() as session:
        other = ImportRun(
            kind="penalty", state=RunState.WAITING, name="x", sha256="", size_bytes=0, data_on=clerk.clock().date(),
            actor="x", created_at=clerk.clock(),
        )  # fmt: skip
        session.add(other)
        session.flush()
        claim(session, other.id, clerk.clock())
    assert clerk.look() == 0
    clerk.clock.pass_time(minutes=6)  # type: ignore[attr-defined]
    clerk.work()
    assert look_twice(clerk) == 1


def test_an_answer_from_data_that_is_too_old_says_so(clerk: ImportClerk, now: datetime) -> None:
    heading = "被执行人姓名/名称,统一社会信用代码,案号,执行法院,立案时间,具体情形"
    row = f"长沙第1商贸有限公司,{code(1)},（2026）湘01执1号,长沙市中级人民法院,2026-05-01,有履行能力而拒不履行"
    drop(clerk, "失信.csv", f"{heading}\n{row}\n".encode(), "court")
    look_twice(clerk)
    with clerk.database.read() as session:
        assert session.get_one(Dataset, "court").fresh_days == 7
        owner = session.scalars(select(Record.enterprise_id)).one()
        stale = [
            compose_report(session, owner, (now + timedelta(days=days)).date()).is_stale("court")  # type: ignore[union-attr]
            for days in (7, 8)
        ]
    assert stale == [False, True]


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.5", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.1.2.3", "224.0.0.1",
     "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "2002:0a00:0001::1", "::"],
)  # fmt: skip
def test_no_address_inside_is_public(address: str) -> None:
    assert not is_public(address)


def test_public_addresses_are() -> None:
    assert is_public("202.96.128.86")
    assert is_public("2400:3200::1")


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        (f"http://{HOST}/a.csv", [HOST]),
        (f"https://someone:word@{HOST}/a.csv", [HOST]),
        (f"https://{HOST}/a.csv", []),
        ("file:///etc/passwd", [""]),
    ],
)
def test_an_address_that_may_not_be_asked_is_no_setting(url: str, hosts: list[str]) -> None:
    with pytest.raises(ValidationError):
        Sources.model_validate({"allowed_hosts": hosts, "sources": [CENTRE | {"url": url}]})


def test_the_file_that_comes_with_the_program_is_read() -> None:
    assert [one.code for one in load_sources().sources] == ["court"]


class Centre(BaseHTTPRequestHandler):
    """A source that behaves as it is told."""

    content: ClassVar[bytes] = SHEET
    status: ClassVar[int] = 200
    asked: ClassVar[list[dict[str, str]]] = []

    def do_GET(self) -> None:
        Centre.asked.append({key.lower(): value for key, value in self.headers.items()} | {"path": self.path})
        status = 304 if self.headers.get("If-None-Match") == '"one"' and self.status == 200 else self.status
        self.send_response(status)
        self.send_header("ETag", '"one"')
        self.send_header("Location", "http://169.254.169.254/")
        self.send_header("Content-Length", str(len(self.content) if status == 200 else 0))
        self.end_headers()
        if status == 200:
            self.wfile.write(self.content)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


def make_certificate(folder: Path) -> Path:
    """Key and certificate of the source, for this test alone."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "source.pem"
    form = serialization.Encoding.PEM
    secret = key.private_bytes(form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(made.public_bytes(form) + secret)
    return path


@pytest.fixture
def centre(clerk: ImportClerk, tmp_path: Path) -> Iterator[ImportClerk]:
    """The clerk asks a source on this machine, which no real setting allows."""
    pem = make_certificate(tmp_path)
    server = HTTPServer(("127.0.0.1", 0), Centre)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Centre.asked, Centre.status, Centre.content = [], 200, SHEET
    url = f"https://{HOST}:{server.server_port}/export.csv?day=1"
    clerk.sources = Sources.model_validate({"allowed_hosts": [HOST], "sources": [CENTRE | {"url": url}]})
    clerk.fetcher = Fetcher(
        frozenset({HOST}),
        lambda address: address == "127.0.0.1",
        lambda *_: ["127.0.0.1"],
        str(pem),
        most_bytes=1 << 20,
    )
    yield clerk
    server.shutdown()
    thread.join()
    server.server_close()


def state_of(clerk: ImportClerk) -> ImportSource:
    """How the source is doing."""
    with clerk.database.read() as session:
        return session.get_one(ImportSource, "centre")


def test_a_source_is_asked_when_it_is_due_and_says_when_nothing_changed(centre: ImportClerk) -> None:
    secret = centre.folder.parent / "secrets" / "centre.token"
    secret.parent.mkdir()
    secret.write_text("a-token\n")
    assert centre.pull() == 1
    assert centre.pull() == 0  # not due
    assert Centre.asked[0]["path"] == "/export.csv?day=1"
    assert Centre.asked[0]["authorization"] == "Bearer a-token"
    with centre.database.read() as session:
        run, dataset = session.scalars(select(ImportRun)).one(), session.get_one(Dataset, "penalty")
    assert (run.name, run.added_count, run.source, dataset.fresh_days) == ("export.csv", 1, "centre", 15)
    centre.clock.pass_time(days=1)  # type: ignore[attr-defined]
    assert centre.pull() == 0
    assert Centre.asked[1]["if-none-match"] == '"one"'
    with centre.database.read() as session:
        assert session.get_one(Dataset, "penalty").data_on == datetime(2026, 11, 21).date()  # noqa: DTZ001


@pytest.mark.parametrize(("status", "words"), [(500, "HTTP 500"), (302, "HTTP 302"), (404, "HTTP 404")])
def test_what_a_source_refuses_is_written_down_and_no_redirect_followed(
    centre: ImportClerk, status: int, words: str
) -> None:
    Centre.status = status
    assert centre.pull() == 0
    assert (state_of(centre).last_fault, state_of(centre).fault_count) == (f"{HOST} 回答 {words}", 1)
    assert len(Centre.asked) == 1


def test_a_file_that_does_not_end_is_cut_off(centre: ImportClerk) -> None:
    Centre.content = bytes(2 << 20)
    centre.pull()
    assert "超过 1 MB" in state_of(centre).last_fault


def test_a_name_that_leads_inside_is_not_asked(centre: ImportClerk) -> None:
    fetcher = Fetcher(frozenset({HOST}), resolve=lambda *_: ["202.96.128.86", "10.0.0.1"])
    with pytest.raises(UserError, match="指向内部网络"):
        fetcher.fetch(f"https://{HOST}/a.csv", BytesIO())
    with pytest.raises(UserError, match="不在允许的主机中"):
        fetcher.fetch("https://other.example.com/a.csv", BytesIO())
    assert Centre.asked == []


def test_nothing_found_in_old_data_says_so_too(sqlite: Database, now: datetime) -> None:
    with sqlite.write() as session:
        owner = make_enterprise(session, "长沙第1商贸有限公司", code(1)).id
        old = (now - timedelta(days=20)).date()
        session.add(Dataset(block="penalty", source_unit="市信用中心", data_on=old, fresh_days=15))
    with sqlite.read() as session:
        report = compose_report(session, owner, now.date())
    assert report
    assert report.stale_words(["court", "penalty"]) == ["行政处罚"]
