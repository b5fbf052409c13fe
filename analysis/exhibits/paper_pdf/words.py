"""Words of the printed report's furniture."""

from analysis.messages import Text

ABSTRACT = Text("Abstract", "摘要")
APPENDIX = Text("Appendix: further tables and figures", "附录：其他图表")
REGRESSIONS = Text("Appendix: regression tables of the proof of estimators",
                   "附录：检验估计方法所用的回归表")  # fmt: skip
REGRESSIONS_MARK = Text(
    "Teaching data, United States: they prove the code and say nothing about China.",
    "美国教学数据：只用于检验程序，与中国无关。",
)
IN_FILE = Text(
    "{name} ({title}) is too long to be printed: reports/tables/{id}_{language}.html.",
    "{name}（{title}）篇幅过长，未予排印，见 reports/tables/{id}_{language}.html。",
)
IN_APPENDIX = Text("{name} ({title}) stands in the appendix", "{name}（{title}）见附录")
MADE = Text(
    "Set from the files of reports/results by “python -m analysis report”. Every number in the "
    "text is listed with its source in reports/results/in_text.csv; every file with its hash in "
    "reports/manifest.csv.",
    "由“python -m analysis report”根据 reports/results 中的文件排成。正文中的每个数字及其出处见 "
    "reports/results/in_text.csv，各文件的校验值见 reports/manifest.csv。",
)
