"""A figure as the document prints it: the plot alone, its words set as the document's own."""

from analysis.exhibits.report.drawing import plot_of


def picture(svg: bytes) -> bytes:
    """Return the plot as an SVG of its own."""
    from lxml import etree

    return etree.tostring(plot_of(svg), xml_declaration=True, encoding="utf-8")
