"""A survey's map: by wave and field which variable it is, how it is coded, on what evidence.

The map is a TOML file, ours (``maps/``) or the user's own. A field of a wave is one rule, a list
of rules (the first whose columns the file has is used), or ``absent`` with a reason.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.files import read_text
from analysis.messages import Text, UserError
from analysis.paths import relative
from analysis.sources.surveys.fields import FIELDS
from analysis.sources.surveys.recodings import NEED_SECOND, PAIRED, RECODINGS
from analysis.sources.surveys.rule import Rule

MAPS = Path(__file__).with_name("maps")
RANGE = re.compile(r"^(.*?)(\d+)\.\.\1(\d+)$")
DERIVED = ("survey", "wave", "simulated")
# fields that number persons and places: the wave's codes for "no answer" are numbers among theirs
NUMBERED = ("person_id", "household_id", "firm_id", "psu", "stratum")
KEYS = {
    "variable", "variables", "second", "as", "codes", "second_codes", "code", "value", "missing",
    "top", "not_working", "working", "marker", "label", "says", "optional", "absent", "evidence",
    "within_province", "except_where",
}  # fmt: skip


@dataclass(frozen=True)
class Absent:
    """A field that a wave has not, with the reason."""

    reason: Text
    evidence: str = ""


Entry = Absent | tuple[Rule, ...]


@dataclass(frozen=True)
class SurveyMap:
    """What is known of a survey's files; ``waves`` gives each wave's entry by field."""

    name: str
    files: re.Pattern[str]
    helper_files: re.Pattern[str] | None
    panel: bool
    negative_is_missing: bool
    waves: Mapping[int, Mapping[str, Entry]] = field(repr=False)
    wave: int | None = None


def map_names() -> list[str]:
    """Return the surveys whose maps the package has."""
    return sorted(path.stem for path in MAPS.glob("*.toml"))


def read_map(name: str, folder: Path) -> SurveyMap:
    """Return the map of survey ``name``: the package's, or ``map.toml`` in the user's folder.

    Entries of ``override.toml`` in that folder replace single fields of single waves; their
    codes are added to the map's.

    Raises
    ------
    UserError
        If there is no such map, or it does not say what a map has to.
    """
    path = folder / "map.toml" if (folder / "map.toml").exists() else MAPS / f"{name}.toml"
    if not path.exists():
        raise UserError("survey_not_found", value=name, folder=relative(folder))
    content = _load(path)
    override = folder / "override.toml"
    try:
        if override.exists():
            path = override
            _apply(override, content)
        return _parse(name, content)
    except UserError as error:
        trouble = error.fields.get("trouble", error)
        raise UserError("survey_map", file=relative(path), trouble=trouble) from error
    except (KeyError, TypeError, ValueError, AttributeError, re.error) as error:
        raise UserError("survey_map", file=relative(path), trouble=repr(error)) from error


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise UserError("survey_map", file=relative(path), trouble=error) from error


def _apply(path: Path, content: dict[str, Any]) -> None:
    """Put the user's entries over the map's; the user answers for them, so no label is asked."""
    for entry in _load(path).get("override", []):
        changes = dict(entry)
        wave, name = str(changes.pop("wave")), changes.pop("field")
        rules = content.setdefault("wave", {}).setdefault(wave, {})
        old = rules.get(name, {})
        base = dict(old[0] if isinstance(old, list) else old)
        if set(changes) & {"variable", "variables"}:
            for key in ("variable", "variables", "label", "says", "optional", "absent"):
                base.pop(key, None)
        if "codes" in changes and "codes" in base:
            known = _listed(base["codes"], content)
            changes["codes"] = {**known, **_listed(changes["codes"], content)}
        rules[name] = {"as": "yes_no", **base, **changes, "evidence": "user's override"}


def _parse(name: str, content: Mapping[str, Any]) -> SurveyMap:
    about = content["survey"]
    waves = {}
    for wave, table in content["wave"].items():
        table = dict(table)
        missing = table.pop("missing", [])
        unknown = [key for key in table if key not in FIELDS or key in DERIVED]
        if unknown:
            raise _trouble(f"[wave.{wave}] {unknown[0]}")
        waves[int(wave)] = {
            key: _entry(key, entry, missing, content) for key, entry in table.items()
        }
    helpers = about.get("helper_files")
    return SurveyMap(
        about.get("name", name),
        re.compile(about["files"], re.IGNORECASE),
        re.compile(helpers, re.IGNORECASE) if helpers else None,
        about.get("ids", "panel") == "panel",
        bool(about.get("negative_is_missing", False)),
        waves,
        about.get("wave"),
    )


def _trouble(words: str) -> UserError:
    return UserError("survey_map", file="", trouble=words)


def _entry(name: str, entry: Any, missing: list[float], content: Mapping[str, Any]) -> Entry:
    if isinstance(entry, list):
        return tuple(_rule(name, one, missing, content) for one in entry)
    if "absent" in entry:
        reason = content.get("reasons", {}).get(entry["absent"])
        words = Text(reason["en"], reason["zh"]) if reason else Text(*[entry["absent"]] * 2)
        return Absent(words, entry.get("evidence", ""))
    return (_rule(name, entry, missing, content),)


def _default_missing(name: str, missing: list[float]) -> list[float]:
    """Return the wave's missing codes for a field; number 98 is a person there, not an answer."""
    return [code for code in missing if code < 0] if name in NUMBERED else missing


def _rule(
    name: str, entry: Mapping[str, Any], missing: list[float], content: Mapping[str, Any]
) -> Rule:
    unknown = set(entry) - KEYS
    if unknown or entry.get("as") not in RECODINGS:
        raise _trouble(f"{name}: {', '.join(sorted(unknown)) or entry.get('as')}")
    where = entry.get("except_where", {})
    rule = Rule(
        recoding=entry["as"],
        variables=tuple(_variables(entry.get("variables", entry.get("variable", "")))),
        second=tuple(_variables(entry.get("second", ""))),
        codes=_codes(entry.get("codes"), content),
        second_codes=_codes(entry.get("second_codes"), content),
        wanted=_numbers(entry.get("code", [])),
        value=str(entry.get("value", "")),
        missing=_numbers(entry.get("missing", _default_missing(name, missing))),
        top=_numbers(entry.get("top", [])),
        not_working=_numbers(entry.get("not_working", [])),
        working=_numbers(entry.get("working", [])),
        marker=float(entry["marker"]) if "marker" in entry else None,
        label=tuple(map(str, entry.get("label", []))),
        says={float(key): str(words) for key, words in entry.get("says", {}).items()},
        optional=bool(entry.get("optional", False)),
        evidence=str(entry.get("evidence", "user's map")),
        within_province=bool(entry.get("within_province", False)),
        except_variable=str(where.get("variable", "")).lower(),
        except_values=_numbers(where.get("values", [])),
    )
    if not _has_columns(rule):
        raise _trouble(f"{name}: variable, second")
    return rule


def _numbers(given: Any) -> tuple[float, ...]:
    """Return one code or a list of codes as numbers."""
    return tuple(float(code) for code in (given if isinstance(given, list) else [given]))


def _has_columns(rule: Rule) -> bool:
    """Say whether a rule names the columns that its recoding takes."""
    if rule.recoding in PAIRED:
        return len(rule.variables) == len(rule.second) > 0
    if rule.recoding == "constant":
        return True
    return bool(rule.variables) and (rule.recoding not in NEED_SECOND or bool(rule.second))


def _listed(given: Any, content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a list of codes, given as such or by its name in the map."""
    return content.get("codes", {})[given] if isinstance(given, str) else given or {}


def _codes(given: Any, content: Mapping[str, Any]) -> Mapping[float, Any]:
    table = {float(key): value for key, value in _listed(given, content).items()}
    odd = [value for value in table.values() if not isinstance(value, (int, float, str))]
    if odd:
        raise _trouble(f"codes: {odd[0]!r}")
    return table


def _variables(words: str | list[str]) -> Iterator[str]:
    """Spell out ``a, b`` and ``x_1..x_14``; names are in lower case from here on."""
    names = words if isinstance(words, list) else words.split(",")
    for name in filter(None, (each.strip().lower() for each in names)):
        series = RANGE.match(name)
        if not series:
            yield name
            continue
        stem, first, last = series.groups()
        for number in range(int(first), int(last) + 1):
            yield f"{stem}{number:0{len(first) if first.startswith('0') else 1}d}"
