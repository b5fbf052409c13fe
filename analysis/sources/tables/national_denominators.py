"""Raw to tidy: yearly denominators: members, wages, employment, grassroots unions."""

from analysis.sources.schemas import yearly_table
from analysis.sources.variables import read_variables
from analysis.sources.vintages import tidy_yearly

YEARLY = True
SCHEMA = yearly_table(read_variables("national_denominators"))
tidy = tidy_yearly
