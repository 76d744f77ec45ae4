"""`app.model_files`: a model has the same name however it is reached."""

from pathlib import Path

import pytest

from app.errors import NotFound
from app.model_files import read_models


@pytest.fixture
def models(tmp_path: Path) -> Path:
    root = tmp_path / "models"
    for name in ("bpmn/a.bpmn", "dmn/b.dmn", "roles/jobs/c.yaml", "bpmn/notes.txt"):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return root


def test_a_folder_is_read_with_all_its_models(models: Path) -> None:
    """Notes beside the models are not models."""
    assert read_models([models]) == {
        "bpmn/a.bpmn": b"bpmn/a.bpmn",
        "dmn/b.dmn": b"dmn/b.dmn",
        "roles/jobs/c.yaml": b"roles/jobs/c.yaml",
    }


@pytest.mark.parametrize("named", ["bpmn/a.bpmn", "bpmn"])
def test_a_model_has_one_name_however_it_is_reached(models: Path, named: str) -> None:
    """Deploying one file or its folder makes a new version of the same model."""
    assert list(read_models([models / named])) == ["bpmn/a.bpmn"]


def test_a_loose_file_is_named_by_its_file_name(tmp_path: Path) -> None:
    """Outside a models folder, the ending alone says what it is."""
    (tmp_path / "loose.dmn").write_text("x")
    assert list(read_models([tmp_path / "loose.dmn"])) == ["loose.dmn"]


def test_a_wrong_path_is_no_empty_success(tmp_path: Path) -> None:
    """Deploying nothing by mistake is an error that names the place."""
    with pytest.raises(NotFound, match=tmp_path.name):
        read_models([tmp_path])
