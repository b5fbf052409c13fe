"""What holds for a whole paper and every note repeats: data, clusters, weights, contrast, stars."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.messages import Text

STATUS = {
    "simulated": Text(
        "Simulated data: nothing is inferred about any real place or person; no p values or stars.",
        "模拟数据：不对任何真实的地区或个人作推断；不报告p值与显著性星号。",
    ),
    "teaching": Text("Teaching data, United States.", "教学数据（美国）。"),
    "survey": Text(
        "Survey data; cells under 10 persons are not shown.", "调查数据；不足10人的单元不予显示。"
    ),
}
PREFIX = {
    "simulated": Text("Simulated data: ", "模拟数据："),
    "teaching": Text("Teaching data, United States: ", "教学数据（美国）："),
    "survey": Text("", ""),
}
CONTRAST = {
    "": Text("not stated", "未说明"),
    "member_vs_uncovered": Text(
        "union members against workers without a union (reference)", "会员与无工会者（参照组）"
    ),
    "member_vs_covered": Text(
        "union members against covered non-members (reference)", "会员与有工会的非会员（参照组）"
    ),
    "covered_vs_uncovered": Text(
        "covered workers against workers without a union (reference)",
        "有工会者与无工会者（参照组）",
    ),
    "firm_union": Text("firms with against firms without a union (reference)",
                       "有工会与无工会的企业（参照组）"),
}  # fmt: skip
STAR_NOTES = {
    "off": Text("", ""),
    "econ": Text(" * p<0.1, ** p<0.05, *** p<0.01.", "*、**、***分别表示p<0.1、p<0.05、p<0.01。"),
    "soc": Text(" * p<0.05, ** p<0.01, *** p<0.001.",
                "*、**、***分别表示p<0.05、p<0.01、p<0.001。"),
}  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """A paper's facts as its notes say them; ``labels`` name variables in both languages."""

    title: Text
    status: str
    labels: Mapping[str, Text]
    cluster: Text
    clusters: int | None
    weights: str
    contrast: str
    stars: str

    @property
    def shown_stars(self) -> str:
        """The stars to print: never any over simulated numbers."""
        return "off" if self.status == "simulated" else self.stars

    @property
    def shows_p(self) -> bool:
        """Whether p values are printed."""
        return self.status != "simulated"

    def label(self, name: str, language: str) -> str:
        """Return a variable's name."""
        return self.labels.get(name, Text(name, name)).in_language(language)

    def errors(self) -> Text:
        """Return the sentence on standard errors, weights, contrast."""
        if self.cluster.en:
            few = self.clusters is not None and self.clusters < 50
            said = Text(
                f"Standard errors clustered by {self.cluster.en} in brackets (HC1 and others where "
                f"the column says so)."
                + (f" Few clusters ({self.clusters}): see the wild bootstrap." if few else ""),
                f"括号内为聚类稳健标准误（按{self.cluster.zh}聚类；列标题另有说明者除外）。"
                + (f"聚类数较少（{self.clusters}），参见野聚类自助法。" if few else ""),
            )
        else:
            said = Text("HC1 standard errors in brackets.", "括号内为异方差稳健标准误（HC1）。")
        weights = Text(
            f" Weights: {self.weights}." if self.weights else " Unweighted.",
            f"权重：{self.weights}。" if self.weights else "未加权。",
        )
        contrast = CONTRAST[self.contrast]
        stars = STAR_NOTES[self.shown_stars]
        return Text(
            f"{said.en}{weights.en} Contrast: {contrast.en}.{stars.en}",
            f"{said.zh}{weights.zh}对比：{contrast.zh}。{stars.zh}",
        )
