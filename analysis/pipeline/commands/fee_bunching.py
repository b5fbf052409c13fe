"""``fees --bunching FILE``: the excess of collection at the target in a user's file of counties."""

import argparse
import json
from typing import TYPE_CHECKING

from analysis.files import write_all
from analysis.messages import Text, UserError

if TYPE_CHECKING:
    from analysis.institutions.ratchet.bunching import Bunching, Setting

WIDTH = Text("a width from 0.005 to 0.1 that divides 0.5", "0.005 至 0.1 之间且能整除 0.5 的组距")
DEGREE = Text("a degree from 1 to 8", "1 至 8 之间的次数")
DRAWS = Text("a whole number from 50 to 99,999", "50 至 99,999 之间的整数")
SEED = Text("a whole number that is not negative", "非负整数")
FOUND = Text(
    """Collection over target: {obs:,} county-years of {counties:,} counties, {used:,} from 0.5 to 1.5
Excess mass at the target: b = {mass:.2f} ordinary bins, std. error {error:.2f}, 95 % interval {low:.2f} to {high:.2f}
  {count:+.1f} county-years more than expected in [1, {top:g}); expected {expected:.1f}
  bins of {width:g}, polynomial of degree {degree}, {draws} bootstrap draws of whole counties, seed {seed}
An excess may come from a penalty for missing the target as well as from a ratchet: it does not tell the two apart.""",  # noqa: E501
    """实收/任务：{counties:,} 个县 {obs:,} 个县·年，其中 {used:,} 个在 0.5 至 1.5 之间
任务处的超额：b = {mass:.2f} 个普通组，标准误 {error:.2f}，95% 区间 {low:.2f} 至 {high:.2f}
  [1, {top:g}) 内比预期多 {count:+.1f} 个县·年；预期 {expected:.1f} 个
  组距 {width:g}，{degree} 次多项式，按县自助抽样 {draws} 次，种子 {seed}
超额可能来自未完成任务的惩罚，也可能来自棘轮：仅凭超额无法区分二者。""",
)
WRITTEN = Text("Written: {file}", "已写入 {file}")


def run(options: argparse.Namespace) -> int:
    """Estimate and print; with --out write the bins."""
    setting = _setting(options)
    from analysis.institutions.ratchet.bunching import estimate_bunching
    from analysis.institutions.ratchet.counties import read_county_years

    data = read_county_years(options.bunching)
    found = estimate_bunching(data.county, data.ratio, setting, options.draws, options.seed)
    told = _told(found)
    if options.out:
        from analysis.tabular import as_bytes

        write_all({options.out.absolute(): as_bytes(_bins(found))})
    if options.json:
        print(json.dumps(told, indent=1))
        return 0
    print(FOUND.in_language(options.lang).format(**told))
    if options.out:
        print(WRITTEN.in_language(options.lang).format(file=options.out))
    return 0


def _setting(options: argparse.Namespace) -> "Setting":
    from analysis.institutions.ratchet.bunching import Setting

    width = options.bin_width
    whole = abs(0.5 / width - round(0.5 / width)) < 1e-9 if 0.005 <= width <= 0.1 else False
    asked = (
        (whole, "--bin-width", width, WIDTH),
        (1 <= options.degree <= 8, "--degree", options.degree, DEGREE),
        (50 <= options.draws <= 99_999, "--draws", options.draws, DRAWS),
        (options.seed >= 0, "--seed", options.seed, SEED),
    )
    for usable, name, value, expected in asked:
        if not usable:
            raise UserError("option", option=name, value=value, expected=expected)
    return Setting(width=width, degree=options.degree)


def _told(found: "Bunching") -> dict[str, float | int]:
    from analysis.institutions.ratchet.bunching import in_excess

    setting = found.setting
    return {
        "mass": found.excess_mass,
        "error": found.std_error,
        "low": found.ci_low,
        "high": found.ci_high,
        "count": found.excess_count,
        "expected": float(found.counterfactual[in_excess(setting)].sum()),
        "obs": found.n_obs,
        "used": found.n_used,
        "counties": found.n_counties,
        "width": setting.width,
        "degree": setting.degree,
        "top": 1.0 + setting.excess * setting.width,
        "draws": found.draws,
        "seed": found.seed,
    }


def _bins(found: "Bunching") -> object:
    import pandas as pd

    return pd.DataFrame(
        {
            "ratio_middle": found.setting.middles,
            "county_years": found.counts,
            "counterfactual": found.counterfactual,
        }
    )
