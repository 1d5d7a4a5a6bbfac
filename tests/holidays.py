"""The calendar of the town in infra/town."""

from services.chassis.holidays import read_holidays
from services.chassis.settings import REPOSITORY

HOLIDAYS = read_holidays(REPOSITORY / "infra" / "town")
