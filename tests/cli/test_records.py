"""`chengxin import records`, `import undo`, `export records`, `export late`, as typed."""

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from cli.main import main
from tests.import_files import PENALTY_SHEET, lay_out, penalty, spell_csv


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("SECRET_KEY", "0123456789abcdef0123456789abcdef-a")
    main(["db", "upgrade"])
    return tmp_path


def test_in_and_out_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "处罚.csv").write_bytes(spell_csv(lay_out([penalty(1), penalty(2, 处罚机关="")]), "gb18030"))
    arguments = ["import", "records", "处罚.csv", "--kind", "penalty", "--errors", "退回.xlsx"]
    main([*arguments, "--dry-run"])
    assert "已检查，未写入：行数 2，新增 1" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main([*arguments, "--all-or-nothing"])
    told = capsys.readouterr()
    assert "未导入：行数 2" in told.out
    assert "错误：您选择了“全部正确才导入”：有 1 行不能导入" in told.err
    main(arguments)
    told = capsys.readouterr()
    assert "已导入：行数 2，新增 1" in told.out
    assert "1 行：缺少处罚机关" in told.out
    assert "未读取的个人信息列“法定代表人证件号码”：2 格" in told.out
    returned = CalamineWorkbook.from_path(folder / "退回.xlsx").get_sheet_by_index(0).to_python()
    assert returned[1][-1] == "缺少处罚机关"
    main(["export", "records", "--kind", "penalty"])
    assert "1 条，停止公示 0 条" in capsys.readouterr().out
    (written,) = folder.glob("双公示-行政处罚-*.xlsx")
    assert CalamineWorkbook.from_path(written).get_sheet_by_index(0).to_python()[0] == PENALTY_SHEET
    main(["export", "records", "--kind", "penalty", "--delta"])
    assert "：0 条" in capsys.readouterr().out
    main(["export", "late", "--first", "2026-04-01"])
    assert "：1 条" in capsys.readouterr().out
    main(["import", "undo", "3", "--reason", "传错了"])
    assert "第 3 号导入（处罚.csv）已撤销" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["import", "undo", "3", "--reason", "再撤一次"])
    assert "已经撤销" in capsys.readouterr().err
