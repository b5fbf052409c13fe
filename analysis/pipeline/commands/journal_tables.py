"""Tables as journals print them: a study's regressions and the package's own tables, any style."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.effects.data_status import require_uncited, status_of
from analysis.effects.fitting import data_of, estimates
from analysis.effects.sample import scope_of
from analysis.effects.study import read_study
from analysis.effects.terms import base_of
from analysis.exhibits.drawing import footer_of
from analysis.exhibits.formats import ALL, print_all, written
from analysis.exhibits.regressions import Asked, Source, asked, read_asked, study_tables
from analysis.files import write_all
from analysis.loading import load, modules_in
from analysis.messages import Text, UserError
from analysis.paths import REPORTS, RESULTS, relative
from analysis.pipeline.commands.building import build_showing
from analysis.pipeline.places import PLOTTED
from analysis.pipeline.plan import all_tasks
from analysis.pipeline.task import Task, needed_for
from analysis.pipeline.tasks.exhibits import TABLES
from analysis.pipeline.tasks.studies import FOLDER as STUDIES
from analysis.sources import read_processed

if TYPE_CHECKING:
    import pandas as pd

    from analysis.effects.study import Study
    from analysis.exhibits.printing.printed import Printed

TABLE_FOLDER = REPORTS / "local" / "tables"
FITTING = Text("Fitting {study} ...", "正在估计 {study}……")
NOTHING = Text(
    "{study}: no regression table ({estimators}).", "{study}：没有回归表（{estimators}）。"
)
WRITTEN = Text("Written: {files} files to {folder}.", "已写入 {files} 个文件：{folder}。")


def write_tables(names: Sequence[str], given: Mapping[str, str], language: str) -> int:
    """Write the tables of the studies named, or all; return an exit code.

    Parameters
    ----------
    names
        Studies of the package by id, or study files; none: all of them and the package's tables.
    given
        What the command line says of style, brackets, stars and lang.

    Raises
    ------
    UserError
        If a study or its [table] section is refused, or nothing of a study can be printed;
        nothing is written then.
    """
    files = [_study_file(name) for name in names] or sorted(STUDIES.glob("*.toml"))
    # the study is read first: what its file says of tables is looked at in a sound file only
    wishes = {file: (read_study(file), read_asked(file, given)) for file in files}
    _, code = build_showing(_tasks(files, with_tables=not names), language)
    if code:
        return code
    contents: dict[Path, bytes] = {}
    for file, (study, wish) in wishes.items():
        source = _source(file, study, wish, language)
        printed = _study_contents(source, wish)
        contents |= printed
        if not printed:
            _say_nothing_printed(study, bool(names), language)
    if not names:
        contents |= _own_tables(asked(given))
    write_all(contents)
    for folder in dict.fromkeys(path.parent for path in contents):
        count = sum(path.parent == folder for path in contents)
        words = WRITTEN.in_language(language)
        print(words.format(files=count, folder=relative(folder)))
    return 0


def _study_file(name: str) -> Path:
    """Return a study's file: one of the package's by its id, else the path as given."""
    own = {path.stem: path for path in sorted(STUDIES.glob("*.toml"))}
    if name in own:
        return own[name]
    if Path(name).suffix != ".toml":
        nearest = get_close_matches(name, own, n=1, cutoff=0.0)[0]
        raise UserError("table_no_study", value=name, nearest=nearest)
    return Path(name).absolute()


def _tasks(files: Iterable[Path], with_tables: bool) -> list[Task]:
    """Return the tasks that fit the package's studies among ``files``, and those of its tables."""
    tasks = all_tasks()
    own = {f"study {file.stem}" for file in files if file.parent == STUDIES}
    wanted = (
        task for task in tasks if task.name in own or (with_tables and task.group == "tables")
    )
    return needed_for(wanted, tasks)


# --- studies ----------------------------------------------------------------------------------


def _source(file: Path, study: "Study", wish: Asked, language: str) -> Source:
    """Return a study with its estimates: the package's from its results, a user's fitted now."""
    if file.parent == STUDIES:
        rows = read_processed(RESULTS / "estimates" / f"{file.stem}.csv")
        frame = data_of(study) if _has_dummies(wish.show) else None
        return Source(study, rows, status_of(study), _bases(study, wish, rows, frame))
    print(FITTING.in_language(language).format(study=study.id), flush=True)
    frame = data_of(study)
    require_uncited(study, frame, relative(file))
    rows = estimates(study, frame)
    return Source(study, rows, status_of(study, frame), _bases(study, wish, rows, frame))


def _has_dummies(terms: Iterable[str]) -> bool:
    return any(term.startswith("C(") for term in terms)


def _bases(
    study: "Study", wish: Asked, rows: "pd.DataFrame", frame: "pd.DataFrame | None"
) -> dict[str, str]:
    """Return the level that each set of dummies leaves out, where its lines are printed.

    Where another level was set aside as well, the reference is no single level: none is named.
    """
    if frame is None:
        return {}
    controls = {term for equation in study.equations for term in equation.controls}
    scope, found = scope_of(study, frame), dict[str, str]()
    for term in sorted(controls & set(wish.show)):
        found |= base_of(term, scope)
    aside = {term.partition("=")[0] for term in rows.loc[rows["estimate"].isna(), "term"]}
    return {name: base for name, base in found.items() if f"C({name})" not in aside}


def _study_contents(source: Source, wish: Asked) -> dict[Path, bytes]:
    folder, name = TABLE_FOLDER / wish.journal.id, _file_name(source.study.id)
    return {
        folder / f"{name}{part}_{language}.{suffix}": written(table, suffix, wish.journal)
        for language in wish.languages
        for part, table in _numbered(study_tables(source, wish, language))
        for suffix in ALL
    }


def _file_name(study: str) -> str:
    """Return a study's id as a file's name: no separator of folders, no dots in front."""
    return re.sub(r"[^\w.-]+", "_", study).lstrip(".") or "study"


def _numbered(tables: Sequence) -> Iterator[tuple[str, "Printed"]]:
    for number, table in enumerate(tables, start=1):
        yield (f"_{number}" if len(tables) > 1 else ""), table


def _say_nothing_printed(study: "Study", was_named: bool, language: str) -> None:
    estimators = ", ".join(dict.fromkeys(one.estimator for one in study.equations))
    if was_named:
        raise UserError("table_nothing", study=study.id, estimators=estimators)
    print(NOTHING.in_language(language).format(study=study.id, estimators=estimators))


# --- the package's own tables -----------------------------------------------------------------


def _own_tables(wish: Asked) -> dict[Path, bytes]:
    """Return the package's tables in the style's letters, from the rows that they print."""
    contents = {}
    for module in map(load, modules_in(TABLES)):
        name = module.__name__.rpartition(".")[2]
        rows = read_processed(PLOTTED / f"{name}.csv")
        footer = {language: footer_of(module, rows, language) for language in wish.languages}
        pages = print_all(
            module.ABOUT, module.COLUMNS, rows.to_dict("records"), footer, ALL, wish.journal.id
        )
        for key, content in pages.items():
            language, _, suffix = key.partition("_")
            contents[TABLE_FOLDER / wish.journal.id / f"{name}_{language}.{suffix}"] = content
    return contents
