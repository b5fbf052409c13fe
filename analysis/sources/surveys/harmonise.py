"""One wave: the map's rules applied to one file, every trouble of the file collected first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from analysis.messages import Text, UserError
from analysis.sources.surveys.fields import DTYPES, FIELDS, Field, empty_column
from analysis.sources.surveys.labels import label_troubles, unforeseen_missing
from analysis.sources.surveys.raw_file import RawFile, read_columns
from analysis.sources.surveys.recodings import (
    PAIRED,
    RECODINGS,
    SERIES,
    TAKE_TEXT,
    CodesError,
    numeric,
)
from analysis.sources.surveys.rule import Rule
from analysis.sources.surveys.survey_map import DERIVED, Absent, Entry, SurveyMap

REQUIRED = ("person_id", "union_member")
LARGEST_FLOAT = 2.0**24
MAPPED = [name for name in FIELDS if name not in DERIVED]
NO_ENTRY = Absent(Text("not in the map", "映射中没有"))


@dataclass(frozen=True)
class Wave:
    """A wave's frame in the schema's columns, what each field was made of, and the file."""

    frame: pd.DataFrame
    used: Mapping[str, Rule | Absent]
    unusual: Mapping[str, int]
    raw: RawFile


def harmonise(raw: RawFile, survey: SurveyMap, wave: int) -> Wave:
    """Return the wave in the harmonised columns.

    Raises
    ------
    UserError
        If the file is of another survey, a label contradicts the map, or values are in the file
        that the map does not know: one error with every trouble in it.
    """
    used = {name: _resolved(survey.waves[wave].get(name, NO_ENTRY), raw) for name in MAPPED}
    _refuse_strangers(raw, survey, wave, used)
    troubles = list(_troubles_of_labels(used, raw))
    if troubles:
        raise _refusal(raw, troubles)
    needed = {name for rule in used.values() if isinstance(rule, Rule) for name in rule.columns}
    columns = read_columns(raw, sorted(needed))
    made = _Maker(columns, raw, survey, wave)
    fields = {name: made.field(FIELDS[name], rule) for name, rule in used.items()}
    if made.troubles:
        raise _refusal(raw, made.troubles)
    return Wave(_frame(fields, raw, survey, wave), used, made.unusual, raw)


def _refusal(raw: RawFile, troubles: list[Text]) -> UserError:
    unique = list(dict.fromkeys(troubles))
    words = Text("; ".join(each.en for each in unique), "；".join(each.zh for each in unique))
    return UserError("survey_wave_refused", file=raw.name, trouble=words)


# --- which rule a file can serve ----------------------------------------------------------------


def _resolved(entry: Entry, raw: RawFile) -> Rule | Absent:
    if isinstance(entry, Absent):
        return entry
    for rule in entry:
        found = _present(rule, raw)
        if found is not None:
            return found
    gone = ", ".join(entry[0].columns[:3])
    return Absent(
        Text(f"{gone}: no such column in this file", f"{gone}：文件中无此列"), entry[0].evidence
    )


def _present(rule: Rule, raw: RawFile) -> Rule | None:
    """Return the rule with the columns that the file has, None when too few are there."""
    if rule.recoding not in SERIES:
        return rule if all(name in raw.actual for name in rule.columns) else None
    if rule.recoding in PAIRED:
        pairs = zip(rule.variables, rule.second, strict=True)
        kept = [pair for pair in pairs if pair[0] in raw.actual and pair[1] in raw.actual]
        if not kept:
            return None
        return replace(rule, variables=tuple(a for a, _ in kept), second=tuple(b for _, b in kept))
    slots = tuple(name for name in rule.variables if name in raw.actual)
    guarded = not rule.except_variable or rule.except_variable in raw.actual
    return replace(rule, variables=slots) if slots and guarded else None


def _refuse_strangers(
    raw: RawFile, survey: SurveyMap, wave: int, used: Mapping[str, Rule | Absent]
) -> None:
    """Refuse a file that lacks most of the columns, or the ones without which nothing is."""
    entries = survey.waves[wave]
    expected = [name for name, entry in entries.items() if _reads_columns(entry)]
    lacking = [name for name in expected if isinstance(used[name], Absent)]
    if 2 * len(lacking) > len(expected):
        raise UserError(
            "survey_of_another",
            file=raw.name,
            survey=survey.name,
            wave=wave,
            lacking=len(lacking),
            expected=len(expected),
        )
    for name in REQUIRED:
        gone = used[name]
        if name in lacking and isinstance(gone, Absent) and not _is_optional(entries[name]):
            words = Text(f"{name}: {gone.reason.en}", f"{name}：{gone.reason.zh}")
            raise _refusal(raw, [words])


def _reads_columns(entry: Entry) -> bool:
    return not isinstance(entry, Absent) and bool(entry[0].columns) and not entry[0].optional


def _is_optional(entry: Entry) -> bool:
    return isinstance(entry, Absent) or entry[0].optional


def _troubles_of_labels(used: Mapping[str, Rule | Absent], raw: RawFile) -> Iterator[Text]:
    for name, rule in used.items():
        if isinstance(rule, Rule):
            yield from label_troubles(name, rule, raw)


# --- values -------------------------------------------------------------------------------------


class _Maker:
    """Makes one field after the other from the file's columns; keeps the troubles met."""

    def __init__(self, columns: pd.DataFrame, raw: RawFile, survey: SurveyMap, wave: int) -> None:
        self.columns, self.raw, self.survey, self.wave = columns, raw, survey, wave
        self.troubles: list[Text] = []
        self.unusual: dict[str, int] = {}
        self._numbers: dict[str, pd.Series] = {}

    def field(self, field: Field, rule: Rule | Absent) -> pd.Series:
        """Return the field's column, empty when the wave has none or its values are refused."""
        if isinstance(rule, Absent):
            return empty_column(field, len(self.columns))
        try:
            return self._made(field, rule)
        except CodesError as error:
            self.troubles.append(
                Text(f"{field.name}: {error.words.en}", f"{field.name}：{error.words.zh}")
            )
            return empty_column(field, len(self.columns))

    def _made(self, field: Field, rule: Rule) -> pd.Series:
        columns = {name: self._column(name, rule) for name in rule.columns}
        frame = pd.DataFrame(columns, index=self.columns.index)
        if field.kind == "number":
            self._refuse_labelled_missing(frame, rule)
        made = RECODINGS[rule.recoding](frame, rule, self.wave)
        if rule.except_variable:
            made = made.mask(frame[rule.except_variable].isin(rule.except_values))
        return self._typed(field, made)

    def _column(self, name: str, rule: Rule) -> pd.Series:
        raw = self.columns[name]
        if rule.recoding in TAKE_TEXT and raw.dtype.kind not in "iuf":
            return raw
        if rule.recoding == "code_text":
            self._refuse_inexact(raw)
        if name not in self._numbers:
            self._numbers[name] = numeric(raw)
        numbers = self._numbers[name]
        if self.survey.negative_is_missing:
            numbers = numbers.mask(numbers < 0)
        return numbers.mask(numbers.isin(rule.missing)) if rule.missing else numbers

    def _refuse_inexact(self, raw: pd.Series) -> None:
        name = str(raw.name)
        if self.raw.storage.get(name) == "float" and (raw.abs() >= LARGEST_FLOAT).any():
            raise CodesError(
                Text(
                    f"{name}: stored as float, so its last digits are lost",
                    f"{name}：以单精度存储，末位已失真",
                )
            )

    def _refuse_labelled_missing(self, frame: pd.DataFrame, rule: Rule) -> None:
        for name in rule.variables:
            found = unforeseen_missing(frame[name], rule, self.raw)
            if found:
                codes = ", ".join(f"{code:g}" for code in found)
                raise CodesError(
                    Text(
                        f"{name}: the file labels {codes} as missing, the map does not",
                        f"{name}：文件将 {codes} 标为缺失，映射未列",
                    )
                )

    def _typed(self, field: Field, made: pd.Series) -> pd.Series:
        if str(made.dtype) != DTYPES[field.kind]:
            wanted, given = DTYPES[field.kind], made.dtype
            raise CodesError(
                Text(
                    f"the recoding gives {given}, the field takes {wanted}",
                    f"重编码结果为 {given}，字段应为 {wanted}",
                )
            )
        if field.kind != "number":
            return made
        odd = made.notna() & ~made.between(field.minimum, field.maximum)
        self.unusual[field.name] = int(odd.sum())
        return made.mask(odd)


def _frame(
    fields: dict[str, pd.Series], raw: RawFile, survey: SurveyMap, wave: int
) -> pd.DataFrame:
    rows = len(next(iter(fields.values())))
    fields["survey"] = pd.Series([survey.name] * rows, dtype="str")
    fields["wave"] = pd.Series([wave] * rows, dtype="int64")
    fields["simulated"] = pd.Series([raw.simulated] * rows, dtype="bool")
    if not survey.panel:
        fields["person_id"] = f"{wave}-" + fields["person_id"]
        fields["stratum"] = f"{wave}-" + fields["stratum"]
        rule = survey.waves[wave].get("psu")
        place = fields["province"] + "-" if _within_province(rule) else ""
        fields["psu"] = f"{wave}-" + place + fields["psu"]
    if fields["union_status"].isna().all():
        fields["union_status"] = union_status(fields["union_member"], fields["union_covered"])
    frame = pd.DataFrame(fields)[list(FIELDS)]
    texts = {name: "str" for name, field in FIELDS.items() if field.kind == "text"}
    return frame.astype(texts)


def _within_province(entry: Entry | None) -> bool:
    return isinstance(entry, tuple) and entry[0].within_province


def union_status(member: pd.Series, covered: pd.Series) -> pd.Series:
    """Return member, covered_non_member, uncovered; missing where it cannot be told."""
    status = empty_column(FIELDS["union_status"], len(member))
    status = status.mask((member == 0) & (covered == 0), "uncovered")
    status = status.mask((member == 0) & (covered == 1), "covered_non_member")
    return status.mask(member == 1, "member")
