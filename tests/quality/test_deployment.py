"""compose.yaml, Dockerfile, systemd units and nginx's files name commands, settings, routes and hosts that exist."""

import configparser
import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from flask import Flask

from cli.main import chengxin
from config.settings import Settings, load_settings
from models.database import Database
from web.health import create_health

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"].startswith("chengxin")}
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
PINNED = re.compile(r"[a-z/]+:\d+\.\d+(\.\d+)?-?[a-z0-9-]*")
PROGRAM = "/opt/chengxin/.venv/bin/chengxin"


def parse_command(arguments: list[str]) -> None:
    """UsageError unless the program knows this command and its options."""
    command: click.Command = chengxin
    context = click.Context(chengxin)
    rest = list(arguments)
    while isinstance(command, click.Group):
        name, found, rest = command.resolve_command(context, rest)
        assert found is not None
        assert name is not None
        command = found
    command.make_parser(context).parse_args(rest)


def read_unit(path: Path) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(path, encoding="utf-8")
    return unit


@pytest.mark.parametrize("name", OURS)
def test_a_service_runs_a_command_that_exists(name: str) -> None:
    parse_command(OURS[name]["command"])


def test_a_command_that_does_not_exist_is_noticed() -> None:
    for wrong in (["serve", "--workers-count", "2"], ["work"], ["db", "downgrade"]):
        with pytest.raises(click.UsageError):
            parse_command(wrong)


def test_there_are_two_of_everything_that_may_die() -> None:
    commands = [one["command"][0] for one in OURS.values()]
    assert {word: commands.count(word) for word in set(commands)} == {"serve": 2, "jobs": 2, "worker": 2, "db": 1}
    own = [one["volumes"] for name, one in OURS.items() if name.endswith(("1", "2"))]
    data = [next(volume for volume in volumes if volume.endswith(":/data")) for volumes in own]
    assert {volume: data.count(volume) for volume in set(data)} == {"machine1:/data": 3, "machine2:/data": 3}


@pytest.mark.parametrize("name", OURS)
def test_settings_and_volumes_exist(name: str) -> None:
    service = OURS[name]
    assert {key.lower() for key in service["environment"]} <= set(Settings.model_fields)
    for volume in service["volumes"]:
        source = volume.split(":")[0]
        assert source in COMPOSE["volumes"] or (ROOT / source).exists(), volume
    assert set(service["depends_on"]) <= set(SERVICES)


def test_the_settings_of_compose_are_accepted() -> None:
    values = {key.lower(): value for key, value in OURS["web1"]["environment"].items()}
    values = {
        key: value.replace("${POSTGRES_PASSWORD:?}", "a").replace("${REDIS_PASSWORD:?}", "b")
        for key, value in values.items()
    }
    settings = load_settings(_env_file=None, **values)
    assert settings.jobs_engine == "celery"
    assert settings.database.endswith("@postgres:5432/chengxin")


def test_images_are_pinned() -> None:
    for name, service in SERVICES.items():
        assert PINNED.fullmatch(service["image"]), name
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(bases) == 2
    assert len(set(bases)) == 1
    version = re.fullmatch(r"python:(\d+)\.(\d+)\.\d+-slim-bookworm", bases[0])
    assert version
    assert f'requires-python = ">={version[1]}.{version[2]}"' in project


def test_what_goes_into_the_image_is_there_and_secrets_are_not() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for line in re.findall(r"^COPY (?!--from)(.+) \./?$", text, re.MULTILINE):
        assert all((ROOT / name).exists() for name in line.split())
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".env", "var", ".git"} <= set(ignored)
    assert "USER chengxin" in text


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_a_command_that_exists(path: Path) -> None:
    service = read_unit(path)["Service"]
    program, *arguments = shlex.split(service["ExecStart"])
    assert program == PROGRAM
    parse_command(arguments)
    assert service["User"] == "chengxin"
    if service.get("Type") != "oneshot":
        assert service["Restart"] == "always"
        assert service["NoNewPrivileges"] == "true"


def test_nginx_passes_to_hosts_that_exist_and_health_is_asked_where_it_is_told(sqlite: Database) -> None:
    main = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    assert set(re.findall(r"proxy_pass http://([^;]+);", main)) == {"chengxin"}
    for name in ("deploy/upstream.conf", "deploy/compose/upstream.conf"):
        assert "upstream chengxin {" in (ROOT / name).read_text(encoding="utf-8")
    inside = (ROOT / "deploy/compose/upstream.conf").read_text(encoding="utf-8")
    assert set(re.findall(r"server (\w+):8000", inside)) == {"web1", "web2"}
    for volume in SERVICES["nginx"]["volumes"]:
        source = ROOT / volume.split(":")[0]
        assert source.exists() or source.name == "tls", volume
    asked = re.findall(r"127\.0\.0\.1:8000(/\w+)", str(SERVICES["web1"]["healthcheck"]["test"]))
    assert asked == ["/readyz"]
    app = Flask("machine")
    app.register_blueprint(create_health(sqlite))
    assert app.test_client().get(asked[0]).status_code == 200


def test_prometheus_asks_each_process_and_warns_of_what_the_manual_says() -> None:
    asked = yaml.safe_load((ROOT / "deploy/prometheus.yml").read_text(encoding="utf-8"))
    targets = {one["job_name"]: one["static_configs"][0]["targets"] for one in asked["scrape_configs"]}
    assert {name: [end.split(":")[0] for end in ends] for name, ends in targets.items()} == {
        f"chengxin-{command}": ["127.0.0.1"] for command in ("web", "jobs", "worker")
    }
    assert all(name in chengxin.commands for name in ("serve", "jobs", "worker"))
    assert len({end for ends in targets.values() for end in ends}) == 3
    (named,) = asked["rule_files"]
    rules = [
        rule
        for group in yaml.safe_load((ROOT / "deploy" / named).read_text(encoding="utf-8"))["groups"]
        for rule in group["rules"]
    ]
    manual = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    for rule in rules:
        for name in re.findall(r"chengxin_\w+", rule["expr"]):
            assert name in manual, rule
