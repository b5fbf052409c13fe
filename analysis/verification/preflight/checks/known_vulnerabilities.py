"""Pinned libraries with published vulnerabilities, where pip-audit is there to ask."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from analysis.messages import Text
from analysis.verification.preflight.finding import Finding, Severity, SkippedError, said
from analysis.verification.preflight.tree import Tree

ABOUT = Text("known vulnerabilities of pinned libraries", "锁定版本的已知漏洞")
NO_TOOL = Text("pip-audit is not installed", "未安装 pip-audit")
NO_ANSWER = Text(
    "pip-audit could look up none of the libraries (no network?)",
    "pip-audit 未能查到任何程序库（无网络？）",
)
NOT_LOOKED_UP = Text("{library} could not be looked up", "未能查到 {library}")
FOUND = Text(
    "{library} {version}: {ids}; mended in {fixed}", "{library} {version}：{ids}；修复于 {fixed}"
)
LOCK = "requirements.lock"
PATIENCE = 120


def find(tree: Tree) -> Iterator[Finding]:
    """Yield each pinned library with a published vulnerability.

    Raises
    ------
    SkippedError
        If pip-audit is not there, or cannot reach what it asks.
    """
    for library in _looked_up(_answer(tree)):
        if "skip_reason" in library:
            words = said(NOT_LOOKED_UP, library=library["name"])
            yield Finding(LOCK, words, Severity.WARNING)
        if found := library.get("vulns"):
            fixed = sorted({version for one in found for version in one["fix_versions"]})
            words = said(
                FOUND,
                library=library["name"],
                version=library["version"],
                ids=", ".join(one["id"] for one in found),
                fixed=", ".join(fixed) or "?",
            )
            yield Finding(LOCK, words, Severity.WARNING)


def _answer(tree: Tree) -> list[dict]:
    command = [*_tool(), "--requirement", str(tree.root / LOCK), "--require-hashes",
               "--disable-pip", "--format", "json", "--progress-spinner", "off"]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
        return json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError) as error:
        raise SkippedError(NO_ANSWER) from error


def _looked_up(libraries: list[dict]) -> list[dict]:
    """Return the libraries, some of which at least were found where vulnerabilities are published.

    Without a network the tool skips each by itself and says that none is known to be vulnerable.
    """
    if all("skip_reason" in library for library in libraries):
        raise SkippedError(NO_ANSWER)
    return libraries


def _tool() -> list[str]:
    if found := shutil.which("pip-audit"):
        return [found]
    try:
        version("pip-audit")
    except PackageNotFoundError as error:
        raise SkippedError(NO_TOOL) from error
    return [sys.executable, "-m", "pip_audit"]
