"""CITATION.cff's lines that the project file decides: title, version, licence."""

from collections.abc import Mapping
from typing import Any


def renewed_citation(citation: str, project: Mapping[str, Any]) -> str:
    """Return the citation file with what pyproject.toml's [project] says."""
    said = {
        "title": f'"{project["description"]}"',
        "version": project["version"],
        "license": project["license"],
    }
    return "\n".join(_renewed(line, said) for line in citation.split("\n"))


def _renewed(line: str, said: Mapping[str, str]) -> str:
    key, found, _ = line.partition(": ")
    return f"{key}: {said[key]}" if found and key in said else line
