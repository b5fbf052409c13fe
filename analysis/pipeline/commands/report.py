"""``report``: build the report and what it rests on; ``--readme`` renews what README.md repeats."""

import argparse
import tomllib

from analysis.files import read_text, write_all
from analysis.messages import Text
from analysis.paths import ROOT, relative
from analysis.pipeline.commands import reproduce

README, CITATION, PROJECT = ROOT / "README.md", ROOT / "CITATION.cff", ROOT / "pyproject.toml"
RENEWED = Text("Renewed: {files}.", "已更新：{files}。")
CURRENT = Text("README.md and CITATION.cff are up to date.", "README.md 与 CITATION.cff 均为最新。")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the choice of what to renew."""
    parser.add_argument(
        "--readme", action="store_true", help="renew the generated parts of README and CITATION"
    )


def run(options: argparse.Namespace) -> int:
    """Build the report, or renew the two files beside it."""
    if options.readme:
        return _renew(options.lang)
    options.kind = "report"
    return reproduce.run(options)


def _renew(language: str) -> int:
    from analysis.exhibits.readme import filled, renewed_citation

    project = tomllib.loads(read_text(PROJECT))["project"]
    texts = {
        README: filled(read_text(README), ROOT),
        CITATION: renewed_citation(read_text(CITATION), project),
    }
    changed = {path: text for path, text in texts.items() if text != read_text(path)}
    write_all({path: text.encode("utf-8") for path, text in changed.items()})
    words = (RENEWED if changed else CURRENT).in_language(language)
    print(words.format(files=", ".join(map(relative, changed))))
    return 0
