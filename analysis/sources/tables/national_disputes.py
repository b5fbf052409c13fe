"""Raw to tidy: the national series of labour disputes, 1991-2019."""

from analysis.sources.schemas import yearly_table
from analysis.sources.variables import read_variables
from analysis.sources.vintages import tidy_yearly

YEARLY = True
SCHEMA = yearly_table(read_variables("national_disputes"))
tidy = tidy_yearly
