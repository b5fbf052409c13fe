"""Raw files to tidy tables: readers, schemas, provenance, the status of every figure."""

from analysis.sources.codebook import as_markdown
from analysis.sources.confirmations import confirm_figure, yearly_tables_with
from analysis.sources.data_sets import read_data, read_data_file, teaching_data_sets
from analysis.sources.processed import read_processed, read_yearly
from analysis.sources.provenance import check_folder, seal, sidecar_path
from analysis.sources.raw import process_raw, table_names
from analysis.sources.series import YearlySeries, series_of, vintages_of
from analysis.sources.variables import read_variables, where_to_look

__all__ = [
    "YearlySeries",
    "as_markdown",
    "check_folder",
    "confirm_figure",
    "process_raw",
    "read_data",
    "read_data_file",
    "read_processed",
    "read_variables",
    "read_yearly",
    "seal",
    "series_of",
    "sidecar_path",
    "table_names",
    "teaching_data_sets",
    "vintages_of",
    "where_to_look",
    "yearly_tables_with",
]
