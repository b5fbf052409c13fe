"""What a build says of surveys: those used and refused, or what a survey file would add."""

from collections.abc import Iterator

from analysis.files import read_rows
from analysis.messages import LANGUAGES, Text
from analysis.paths import relative
from analysis.pipeline.surveys import places

USED = Text(
    "Used: {survey} {waves} ({rows} rows{simulated}); see {folder}.",
    "已使用：{survey} {waves}（{rows} 行{simulated}）；见 {folder}。",
)
SIMULATED = Text(", simulated", "，模拟数据")
UNUSED = Text("Not used: {survey}.", "未使用：{survey}。")
NONE = Text(
    "No survey files here. {surveys} files as distributed, in {folders}, would add to {local}: "
    "codebook, description, and the tables and figures of {studies}.",
    "未发现调查数据文件。将 {surveys} 原始发布文件放入 {folders}，即可在 {local} "
    "增加：编码簿、描述统计，以及下列研究的表与图：{studies}。",
)
BETWEEN = Text(", ", "、")


def remarks() -> Iterator[Text]:
    """Yield a line a survey found, one a file that could not be used; else what one would add."""
    found = places.found_surveys()
    if not found:
        yield Text(*map(_invitation, LANGUAGES))
    for name in found:
        yield from _of_survey(name)


def _of_survey(name: str) -> Iterator[Text]:
    files = places.LOCAL / name / "files.csv"
    if not files.exists():
        return
    rows = read_rows(files)
    used = [row for row in rows if row["what"] == "used"]
    yield Text(*(_used(name, used, language) for language in LANGUAGES))
    for row in rows:
        if row["what"] == "refused":
            yield Text(f"  ! {row['text_en']}", f"  ! {row['text_zh']}")


def _used(name: str, rows: list[dict[str, str]], language: str) -> str:
    return (USED if rows else UNUSED).in_language(language).format(
        survey=name,
        waves=", ".join(row["wave"] for row in rows),
        rows=sum(int(row["rows"]) for row in rows),
        simulated=SIMULATED.in_language(language) if _is_simulated(name) else "",
        folder=relative(places.LOCAL / name),
    )  # fmt: skip


def _is_simulated(name: str) -> bool:
    return any(
        row["simulated"] == "true" for row in read_rows(places.LOCAL / name / "codebook.csv")
    )


def _invitation(language: str) -> str:
    names, between = places.known_surveys(), BETWEEN.in_language(language)
    return NONE.in_language(language).format(
        surveys=between.join(name.upper() for name in names),
        folders=between.join(relative(places.SURVEYS / name) for name in names),
        local=relative(places.LOCAL),
        studies=between.join(study for name in names for study in places.studies_of(name)),
    )
