"""Results that were edited since they were built."""

from collections.abc import Iterator

from analysis.messages import Text, UserError
from analysis.verification.comparison import edited_files
from analysis.verification.preflight.finding import Finding, said
from analysis.verification.preflight.tree import Tree

ABOUT = Text("results are as they were built", "结果与生成时一致")
REFUSED = Text("{error}", "{error}")


def find(tree: Tree) -> Iterator[Finding]:
    """Yield each file of reports/ that is not as its manifest says."""
    try:
        for name, what in edited_files(tree.root / "reports").items():
            yield Finding(f"reports/{name}", what)
    except UserError as error:
        yield Finding("reports/manifest.csv", said(REFUSED, error=error))
