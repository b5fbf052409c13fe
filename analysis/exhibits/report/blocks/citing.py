"""How to cite the package and the article that it examines; the report as a document to print."""

from html import escape

from analysis import __version__
from analysis.exhibits.report.exhibits import Report
from analysis.exhibits.report.markup import link
from analysis.messages import Text

INPUTS: tuple[str, ...] = ()
YEAR = "2026"
PACKAGE = Text(
    "The Jieli founders. {year}. Jieli (借力): a replication package on local unions and labour "
    "disputes in China. Version {version}.",
    "The Jieli founders：《借力：地方工会与劳动争议研究复算软件包》，版本 {version}，{year}年。",
)
ARTICLE = Text(
    "Wu Jianping (吴建平). 2017. 地方工会“借力”运作的过程、条件及局限. Sociological Studies "
    "(社会学研究).",
    "吴建平：《地方工会“借力”运作的过程、条件及局限》，《社会学研究》2017年。",
)
PRINTED = Text("The public report as a document to print (PDF)", "公开报告的打印版（PDF）")
BIBTEX = """@software{{jieli,
  author  = {{{{The Jieli founders}}}},
  title   = {{Jieli: a replication package on local unions and labour disputes in China}},
  version = {{{version}}},
  year    = {{{year}}}
}}"""


def references(language: str) -> tuple[str, str]:
    """Return how to cite the package, and the article that it examines."""
    package = PACKAGE.in_language(language).format(version=__version__, year=YEAR)
    return package, ARTICLE.in_language(language)


def html(report: Report, language: str) -> str:
    """Return the two references, the package's as BibTeX, and a link to the printed report."""
    bibtex = BIBTEX.format(version=__version__, year=YEAR)
    cited = [f'<p class="reference">{escape(one)}</p>' for one in references(language)]
    return "\n".join(
        [*cited, f'<pre tabindex="0">{escape(bibtex)}</pre>', *_printed(report, language)]
    )


def _printed(report: Report, language: str) -> list[str]:
    address = report.printed.get(language)
    return [f"<p>{link(address, PRINTED.in_language(language))}</p>"] if address else []
