"""The guide is right: its study.toml loads as it stands."""

import re
from pathlib import Path

from dashboard.studies.load import LISTS, TABLES, load_study
from dashboard.studies.rows import definition_rows

GUIDE = Path(__file__).parents[3] / "docs" / "adding-a-study.md"


def test_the_study_of_the_guide_loads_and_becomes_rows(tmp_path):
    (block,) = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    folder = tmp_path / "my-study"
    folder.mkdir()
    (folder / "study.toml").write_text(block, encoding="utf-8")
    study = load_study(folder)
    assert study.study_id == folder.name
    assert [endpoint.endpoint_id for endpoint in study.endpoints] == ["PFS", "OS"]
    assert len(definition_rows(study)["endpoint_rule"]) == 9


def test_the_guide_names_every_table_that_study_toml_may_have():
    text = GUIDE.read_text(encoding="utf-8")
    assert [name for name in TABLES if f"`[{name}]`" not in text] == []
    assert [name for name in LISTS if f"`[[{name}]]`" not in text] == []
