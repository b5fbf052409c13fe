"""``python -m analysis VERB``: one table of verbs; code is loaded when its verb is used."""

import argparse
import os
import sys
from difflib import get_close_matches
from typing import NamedTuple

from analysis.console import hush, let_consoles_print
from analysis.loading import load
from analysis.messages import LANGUAGES, Text, UserError, message, users_language


class Verb(NamedTuple):
    """Where a verb lives (module with ``arguments(parser)`` and ``run(options)``) and its help."""

    module: str
    help: Text


VERBS: dict[str, Verb] = {
    "reproduce": Verb(
        "analysis.pipeline.commands.reproduce",
        Text("build everything from data/raw into reports/", "由原始数据重建全部结果"),
    ),
    "figures": Verb("analysis.pipeline.commands.figures", Text("build the figures", "生成图")),
    "tables": Verb("analysis.pipeline.commands.tables", Text("build the tables", "生成表")),
    "report": Verb(
        "analysis.pipeline.commands.report",
        Text("build the report: reports/index.html", "生成报告：reports/index.html"),
    ),
    "status": Verb(
        "analysis.pipeline.commands.status",
        Text("say what is out of date, and why", "列出过期的结果及原因"),
    ),
    "claims": Verb(
        "analysis.pipeline.commands.claims",
        Text("check the article's statements and print the ledger", "核对文章的陈述"),
    ),
    "estimate": Verb(
        "analysis.effects.commands.estimate",
        Text("fit the equations of a study file", "按研究文件估计方程"),
    ),
    "estimators": Verb(
        "analysis.effects.commands.estimators",
        Text("list the estimators: what each fits, needs, reports", "列出估计方法"),
    ),
    "paper": Verb(
        "analysis.pipeline.commands.paper",
        Text("write a paper's tables and figures from a study file", "按研究文件生成论文表图"),
    ),
    "surveys": Verb(
        "analysis.sources.commands.surveys",
        Text("which survey files were found; map, codebook, twin", "微观调查：识别、映射、编码簿"),
    ),
    "regions": Verb(
        "analysis.pipeline.commands.regions",
        Text("add your region's file; list, remove, report", "加入本地区数据；列出、移除、报告"),
    ),
    "benchmarks": Verb(
        "analysis.pipeline.commands.benchmarks",
        Text("refit published tables to prove the estimators", "复算已发表的表以检验估计方法"),
    ),
    "literature": Verb(
        "analysis.effects.commands.literature",
        Text("check the published effects; add more", "检查已发表的效应；添加效应"),
    ),
    "fees": Verb(
        "analysis.pipeline.commands.fees",
        Text("who gets what of the union fee; a county's own rules", "工会经费测算；本县规则"),
    ),
    "verify": Verb(
        "analysis.verification.command",
        Text("rebuild in an empty tree and compare with reports/", "在空目录重建并与结果比较"),
    ),
    "confirm": Verb(
        "analysis.pipeline.commands.confirm",
        Text("list figures to be verified; write a confirmation", "列出待核实数字；登记核实结果"),
    ),
    "seal": Verb(
        "analysis.pipeline.commands.seal",
        Text("renew a sidecar after a deliberate edit", "有意修改后更新来源说明"),
    ),
}
USER_MISTAKE = 2


def main(arguments: list[str] | None = None) -> int:
    """Run one verb and return its exit code; 2 for a user's mistake, never a traceback for one."""
    let_consoles_print()
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        return _run(arguments)
    except UserError as error:
        print(error, file=sys.stderr)
        return USER_MISTAKE
    except ModuleNotFoundError as error:
        return _outside_the_environment(error)
    except BrokenPipeError:
        hush()
        return 0
    except KeyboardInterrupt:
        return 130


def _outside_the_environment(error: ModuleNotFoundError) -> int:
    """Say which library this Python lacks; a module of our own that is missing is a fault."""
    if error.name is None or error.name.partition(".")[0] == __package__:
        raise error
    print(message("library_missing", name=error.name), file=sys.stderr)
    return USER_MISTAKE


def _run(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(overview(users_language()))
        return 0
    if arguments[0] == "--version":
        from analysis import __version__

        print(f"jieli {__version__}")
        return 0
    name, rest = arguments[0], arguments[1:]
    if name not in VERBS:
        nearest = get_close_matches(name, VERBS, n=1, cutoff=0.0)[0]
        raise UserError("unknown_verb", value=name, nearest=nearest)
    return _run_verb(name, rest)


def _run_verb(name: str, rest: list[str]) -> int:
    language = users_language()
    module = load(VERBS[name].module)
    parser = argparse.ArgumentParser(
        prog=f"python -m analysis {name}", description=VERBS[name].help.in_language(language)
    )
    parser.add_argument("--lang", choices=LANGUAGES, help="en / zh")
    module.arguments(parser)
    options = parser.parse_args(rest)
    # a verb may treat a language that was asked for otherwise than one that is merely spoken
    options.lang_asked, options.lang = options.lang, options.lang or language
    # messages of this run, those raised deep inside too, follow the language asked for
    os.environ["JIELI_LANG"] = options.lang
    return module.run(options)


def overview(language: str) -> str:
    """Return the list of verbs."""
    width = max(map(len, VERBS))
    lines = [
        f"  {name:<{width}}  {verb.help.in_language(language)}" for name, verb in VERBS.items()
    ]
    return "\n".join(["usage: python -m analysis VERB [options]   (= jieli VERB)", "", *lines])
