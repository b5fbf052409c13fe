"""How each exhibit was made: the function, what it read, the files that it wrote."""

from html import escape

from analysis.exhibits.report.exhibits import Exhibit, Report, anchor, label
from analysis.exhibits.report.markup import breakable, link, plain_table
from analysis.messages import Text

INPUTS: tuple[str, ...] = ()
NAME = Text("Exhibits, programs and files", "图表、程序与文件")
HEADINGS = (
    Text("Exhibit", "图表"), Text("Function", "函数"), Text("Read", "读入"), Text("Wrote", "输出"),
)  # fmt: skip
# where the results lie that an exhibit's inputs name
RESULTS, SIMULATED = "reports/results", "reports/simulated/results"


def html(report: Report, language: str) -> str:
    """Return a row an exhibit, linked to the exhibit, its code, what it read and wrote."""
    rows = [
        _row(report.exhibits[name], number, report.to_root, language)
        for name, number in report.numbers.items()
    ]
    headings = [text.in_language(language) for text in HEADINGS]
    return plain_table(headings, rows, NAME.in_language(language))


def _row(exhibit: Exhibit, number: int, to_root: str, language: str) -> tuple[str, ...]:
    name = f"{label(exhibit, number, language)} {exhibit.about.title.in_language(language)}"
    folder = SIMULATED if exhibit.about.data_kind == "simulated" else RESULTS
    function = "draw" if exhibit.kind == "figure" else "rows"
    code = f"{to_root}/{exhibit.program}"
    return (
        f'<a href="#{anchor(exhibit)}">{escape(name)}</a>',
        f'<a href="{escape(code)}"><code>{breakable(exhibit.id)}:{function}</code></a>',
        ", ".join(
            link(f"{to_root}/{folder}/{file}", file) for file in exhibit.about.inputs.values()
        ),
        " ".join(link(file, suffix.upper()) for suffix, file in exhibit.files[language].items()),
    )
