"""Words of the page's furniture, in both languages."""

from analysis.messages import Text

NAME = Text("Jieli", "借力")
TITLE = Text(
    "Jieli: what of the article holds, recomputed", "借力：一篇文章的数字，逐条复算"
)  # fmt: skip
SUBTITLE = Text(
    "A replication package for Wu Jianping’s article on how local unions in China borrow power "
    "(Sociological Studies)",
    "吴建平《地方工会“借力”运作的过程、条件及局限》（社会学研究）复算软件包",
)
KINDS = {
    "figure": Text("Figure {number}", "图{number}"),
    "table": Text("Table {number}", "表{number}"),
}
DATA = Text("data (CSV)", "数据（CSV）")
PROGRAM = Text("program", "程序")
ROWS = Text("Show the table ({count} rows)", "展开表格（{count} 行）")
SIMULATED = Text("simulated", "模拟数据")
PRIVATE = Text("local: not for sharing", "含内部数据，请勿外传")
CONTENTS = Text("Contents", "目录")
SKIP = Text("Skip to the content", "跳至正文")
THEME = Text("Light or dark", "明暗")
OTHER = Text("中文", "English")
TOP = Text("Back to the top", "回到顶部")
WITHOUT_SCRIPT = Text(
    "Sorting and searching need JavaScript; everything else does not.",
    "排序与搜索需启用 JavaScript，其余内容不受影响。",
)
TRACED = Text(
    "Every number in the text is read from a result file; point at one to see which "
    "(the list: reports/results/in_text.csv).",
    "正文中的每个数字都读自结果文件；将指针移到数字上即可看到出处（清单见 "
    "reports/results/in_text.csv）。",
)
