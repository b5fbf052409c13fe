"""What holds for a whole paper and every note repeats: data, clusters, weights, contrast, stars."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.exhibits.printing.stars import OFF, legend
from analysis.exhibits.regressions.words import CONTRAST
from analysis.messages import LANGUAGES, Text

STATUS = {
    "simulated": Text(
        "Simulated data: nothing is inferred about any real place or person; no p values or stars.",
        "模拟数据：不对任何真实的地区或个人作推断；不报告p值与显著性星号。",
    ),
    "teaching": Text("Teaching data{place}.", "教学数据{place}。"),
    "survey": Text(
        "Survey data; what fewer than 10 persons share is not shown.",
        "调查数据；不足10人的单元不予显示。",
    ),
}
PREFIX = {
    "simulated": Text("Simulated data: ", "模拟数据："),
    "teaching": Text("Teaching data{place}: ", "教学数据{place}："),
    "survey": Text("", ""),
}
PLACE = Text(", {place}", "（{place}）")
NOWHERE = Text("", "")


@dataclass(frozen=True)
class Facts:
    """A paper's facts as its notes say them.

    ``labels`` name variables in both languages, ``bases`` the level that a column's dummies leave
    out, ``place`` the country of teaching data where it is known.
    """

    title: Text
    status: str
    labels: Mapping[str, Text]
    cluster: Text
    clusters: int | None
    weights: str
    contrast: str
    stars: str
    bases: Mapping[str, Text] = field(default_factory=dict)
    place: Text = NOWHERE

    def prefix(self, language: str) -> str:
        """Return what a title begins with, for data that are not a survey's."""
        return PREFIX[self.status].in_language(language).format(place=self._place(language))

    def data(self, language: str) -> str:
        """Return the sentence on the status of the data."""
        return STATUS[self.status].in_language(language).format(place=self._place(language))

    def _place(self, language: str) -> str:
        name = self.place.in_language(language)
        return PLACE.in_language(language).format(place=name) if name else ""

    @property
    def shown_stars(self) -> str:
        """The stars to print: never any over simulated numbers."""
        return OFF if self.status == "simulated" else self.stars

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
        stars = Text(*(legend(self.shown_stars, language) for language in LANGUAGES))
        return Text(
            f"{said.en}{weights.en} Contrast: {contrast.en}. {stars.en}".rstrip(),
            f"{said.zh}{weights.zh}对比：{contrast.zh}。{stars.zh}",
        )
