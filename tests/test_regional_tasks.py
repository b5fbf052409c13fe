"""Which regional tasks there are, what they write where, and what is swept away."""

import pytest
from regional_twin import results_of, write_processed

from analysis.loading import load, modules_in
from analysis.pipeline.region_store import region
from analysis.pipeline.tasks import regional as task


@pytest.fixture
def staged(tmp_path, monkeypatch):
    """Folders of staged regions of one's own; returns a function that stages a name."""
    public, private = tmp_path / "regions", tmp_path / "regions" / "private"
    monkeypatch.setattr(region, "STAGED", public)
    monkeypatch.setattr(region, "PRIVATE", private)
    monkeypatch.setattr(task, "REPORTS", tmp_path / "reports")

    def stage(name, secret=False):
        ((private if secret else public) / name).mkdir(parents=True)

    return stage


def names():
    return [one.name for one in task.tasks()]


def test_without_a_staged_region_only_shipped_figures_are_worked_on(staged):
    assert names() == [
        "regional results",
        "regional rows of census2004_tile_map",
        "regional figure census2004_tile_map",
    ]
    assert all("regions" not in one.inputs for one in task.tasks())


def test_a_public_region_lists_its_exhibits_and_nothing_local(staged):
    staged("江苏")
    assert len(names()) == 3 + 2 * len(modules_in(task.MEASURED))
    assert not [name for name in names() if name.startswith("private")]


def test_a_second_region_adds_no_task(staged):
    staged("江苏")
    before = names()
    staged("广东")
    assert names() == before


def test_a_private_region_writes_into_local_only(staged, tmp_path):
    staged("内部", secret=True)
    local = tmp_path / "reports" / "local"
    own = [one for one in task.tasks() if one.name.startswith("private")]
    assert len(own) == 1 + 2 * len(modules_in(task.MEASURED))
    assert all(path.is_relative_to(local) for one in own for path in one.products.values())
    rest = [one for one in task.tasks() if not one.name.startswith("private")]
    assert len(rest) == 3
    assert not any(path.is_relative_to(local) for one in rest for path in one.products.values())


@pytest.mark.parametrize("name", [".江苏.writing", "_half"])
def test_a_region_that_is_still_being_written_is_none(staged, name):
    staged(name)
    assert len(names()) == 3


def test_sweeping_takes_away_what_nothing_is_staged_for(staged, tmp_path):
    kept = tmp_path / "reports" / "regional" / "figures" / "a.png"
    gone = [tmp_path / "reports" / "regional" / "measured" / "b.png",
            tmp_path / "reports" / "local" / "regional" / "c.csv"]  # fmt: skip
    for path in (kept, *gone):
        path.parent.mkdir(parents=True)
        path.touch()
    staged("江苏")
    staged("内部", secret=True)
    task.sweep()
    assert all(path.exists() for path in gone)
    (tmp_path / "regions" / "private" / "内部").rmdir()
    (tmp_path / "regions" / "江苏").rmdir()
    task.sweep()
    assert kept.exists()
    assert not any(path.exists() for path in gone)


def test_products_are_those_that_the_tasks_return(tmp_path):
    shipped = results_of(write_processed(tmp_path))
    for name in (*modules_in(task.SHIPPED), *modules_in(task.MEASURED)):
        module = load(name)
        rows, files = task._exhibit_tasks(task.scopes()[0], module, "measured")
        module.rows(**{key: shipped[key] for key in module.ABOUT.inputs}).to_csv(
            tmp_path / "rows.csv", index=False
        )
        contents = files.run({"rows": tmp_path / "rows.csv"}, files.arguments)
        assert set(contents) == set(files.products)
        assert files.bundled
        assert rows.products["rows"] == files.inputs["rows"]


def test_the_list_of_tasks_loads_no_data_library():
    import subprocess
    import sys

    code = (
        "import sys; from analysis.pipeline.tasks import regional as r; "
        "from analysis.loading import load, modules_in; "
        "r.tasks(); [load(n) for n in modules_in(r.MEASURED)]; "
        "sys.exit('pandas' in sys.modules or 'numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
