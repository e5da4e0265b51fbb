"""The shipped nginx.conf in a real nginx: what passes, what it keeps out, a machine that is not there."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from models.migration import upgrade_database
from tests.citizen import Citizen, Shown, make_settings
from tests.redis_server import free_port
from tests.serving import serve
from tests.waiting import wait_for
from wsgi import create_app, open_database

ROOT = Path(__file__).parents[2]
NO_NGINX = "NO NGINX: apt-get install nginx-light"
NAME = "chengxin.example.gov.cn"
MAIN = """
daemon off; worker_processes 1; pid nginx.pid; error_log error.log;
events {}
http {
    access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    include conf.d/*.conf;
}
"""


@dataclass
class Front:
    """Where nginx listens, and the certificate that its callers believe."""

    plain: int
    secure: int
    certificate: Path
    citizen: Citizen

    def listens(self) -> bool:
        """It takes connections."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.secure)) == 0

    def ask(self, method: str, path: str, **options: object) -> requests.Response:
        """As a browser that was told the name."""
        address = f"https://{NAME}:{self.secure}{path}"
        with requests.Session() as session:
            session.trust_env = False
            session.mount("https://", Adapter(self.secure))
            return session.request(method, address, verify=str(self.certificate), timeout=20, **options)  # type: ignore[arg-type]

    def deliver(self, text: str) -> str:
        """A message of WeChat's; the text that the citizen is shown."""
        query, body = self.citizen.wrap(self.citizen.write("text", {"Content": text}))
        answer = self.ask("POST", "/wechat", params=query, data=body)
        return self.citizen.reads(Shown(answer.status_code, answer.content))


class Adapter(requests.adapters.HTTPAdapter):
    """Finds the bureau's name on this machine."""

    def __init__(self, port: int) -> None:
        self.port = port
        super().__init__()

    def get_connection_with_tls_context(self, request, verify, proxies=None, cert=None):  # type: ignore[no-untyped-def]
        """To the loopback, with the certificate checked for the name."""
        _, options = self.build_connection_pool_key_attributes(request, verify, cert)
        options |= {"server_hostname": NAME, "assert_hostname": NAME}
        return self.poolmanager.connection_from_host("127.0.0.1", self.port, "https", pool_kwargs=options)


def write_certificate(folder: Path) -> Path:
    """For the name, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]), datetime.now(UTC)
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "chengxin.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    (folder / "chengxin.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    return folder / "chengxin.pem"


def lay_out(folder: Path, front: Front, service: str) -> None:
    """The shipped files with ports and paths of here; the second machine is not there."""
    (folder / "conf.d").mkdir()
    (folder / "logs").mkdir()
    (folder / "nginx.conf").write_text(MAIN)
    shipped = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{front.plain};"),
        ("listen 443 ", f"listen 127.0.0.1:{front.secure} "),
        ("/etc/nginx/tls/", f"{folder}/"),
    ):
        assert old in shipped
        shipped = shipped.replace(old, new)
    (folder / "conf.d/chengxin.conf").write_text(shipped, encoding="utf-8")
    upstream = (ROOT / "deploy/upstream.conf").read_text(encoding="utf-8")
    machines = upstream.replace("127.0.0.1:8000", service.removeprefix("http://"))
    machines = machines.replace("# server 10.0.0.12:8000", f"server 127.0.0.1:{free_port()}")
    assert machines.count("\n    server ") == 2
    (folder / "conf.d/chengxin-upstream.conf").write_text(machines, encoding="utf-8")


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    """nginx before the service; skips (fails under CI) where there is none."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(NO_NGINX)
        pytest.skip(NO_NGINX)
    settings = make_settings(data_dir=tmp_path / "data", public_url=f"https://{NAME}", trusted_proxies=1)
    database = open_database(settings)
    upgrade_database(database)
    database.close()
    place = tmp_path / "nginx"
    place.mkdir()
    with serve(create_app(settings)) as service:
        front = Front(free_port(), free_port(), write_certificate(place), Citizen(service, settings))
        lay_out(place, front, service)
        command = [program, "-p", f"{place}/", "-c", "nginx.conf"]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        process = subprocess.Popen(command)
        try:
            wait_for(front.listens)
            yield front
        finally:
            process.terminate()
            process.wait(10)


def test_nginx_as_it_is_shipped(front: Front) -> None:
    for _ in range(4):  # one of two machines is not there: nobody notices
        assert "发企业名称" in front.deliver("帮助")
        assert front.ask("GET", "/").status_code == 200
    moved = requests.get(
        f"http://127.0.0.1:{front.plain}/lists", headers={"Host": NAME}, allow_redirects=False, timeout=20
    )
    assert (moved.status_code, moved.headers["Location"]) == (301, f"https://{NAME}/lists")
    page = front.ask("GET", "/", headers={"X-Request-Id": "forged-by-a-browser"})
    assert "max-age" in page.headers["Strict-Transport-Security"]
    assert len(page.headers["X-Request-Id"]) == 32, "nginx gives the number, not the caller"
    assert front.ask("GET", "/metrics").status_code == 403
    assert front.ask("GET", "/healthz").status_code == 200
    assert front.ask("POST", "/wechat", data=b"x" * 70_000).status_code == 413
    assert front.ask("POST", "/console/login", data=b"x" * 27_000_000).status_code == 413
