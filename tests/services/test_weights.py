"""Weights: the file explains itself, a bureau's own is taken up by itself, a bad one never breaks a search."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from services.enterprises.features import FEATURES, TEXT_FEATURES
from services.enterprises.judgement import INPUTS
from services.enterprises.weights import (
    OWN_NAME,
    QUERY_KINDS,
    SHIPPED,
    WeightsInUse,
    load_shipped,
    parse_weights,
    print_weights,
    write_tables,
)


@pytest.fixture
def tables() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return found


def test_the_file_explains_itself(tables: dict[str, Any]) -> None:
    assert set(tables["meanings"]) == set(INPUTS)
    assert set(tables["fitted"]) == {"on", "by", "names", "queries", "figures"}
    assert {"labelled, there", "absent N1 and N4", "unseen: trade"} <= set(tables["fitted"]["figures"])
    assert set(tables["ranking"]["long"]) == set(FEATURES)
    assert set(tables["sieve"]["short"]) == set(TEXT_FEATURES)
    for kind in QUERY_KINDS:
        for points in tables["verdict"][kind]["curves"].values():
            values = [value for value, _ in points]
            assert values == sorted(set(values))


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    write_tables(tmp_path / OWN_NAME, print_weights(load_shipped()))
    again = parse_weights(json.loads((tmp_path / OWN_NAME).read_text(encoding="utf-8")))
    assert again["long"].verdict == load_shipped()["long"].verdict
    assert (again["short"].ranking == load_shipped()["short"].ranking).all()
    assert list(tmp_path.iterdir()) == [tmp_path / OWN_NAME]


def test_own_weights_are_taken_up_and_given_up(tmp_path: Path, tables: dict[str, Any]) -> None:
    in_use = WeightsInUse(tmp_path, look_seconds=0)
    assert in_use.current() is load_shipped()
    tables["none_below"]["long"] = 0.77
    write_tables(tmp_path / OWN_NAME, tables)
    assert in_use.current()["long"].none_below == 0.77
    tables["none_below"]["long"] = 0.66
    write_tables(tmp_path / OWN_NAME, tables)
    assert in_use.current()["long"].none_below == 0.66
    (tmp_path / OWN_NAME).unlink()
    assert in_use.current() is load_shipped()


def test_files_are_not_read_for_each_question(tmp_path: Path, tables: dict[str, Any]) -> None:
    in_use = WeightsInUse(tmp_path, look_seconds=60)
    in_use.current()
    write_tables(tmp_path / OWN_NAME, tables)
    assert in_use.current() is load_shipped()


@pytest.mark.parametrize("spoil", ["half", "other features", "words", "list"])
def test_a_file_that_does_not_fit_is_left_alone(tmp_path: Path, tables: dict[str, Any], spoil: str) -> None:
    path = tmp_path / OWN_NAME
    text = json.dumps(tables)
    if spoil == "half":
        path.write_text(text[: len(text) // 2], encoding="utf-8")
    elif spoil == "other features":
        tables["ranking"]["long"]["of_a_later_version"] = 1.0
        path.write_text(json.dumps(tables), encoding="utf-8")
    elif spoil == "words":
        tables["none_below"]["long"] = "little"
        path.write_text(json.dumps(tables), encoding="utf-8")
    else:
        path.write_text("[]", encoding="utf-8")
    assert WeightsInUse(tmp_path).current() is load_shipped()
    with pytest.raises((KeyError, ValueError, TypeError)):
        write_tables(path, {})
    assert os.listdir(tmp_path) == [OWN_NAME]
