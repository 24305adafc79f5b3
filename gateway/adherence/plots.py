"""Charts of doses that people know, as SVG: the door to them.

Knows: nothing of its own. May not know: where a chart is shown.
"""

from gateway.adherence.plots_calendar import calendar_plot
from gateway.adherence.plots_chronology import chronology
from gateway.adherence.plots_frame import Chart

__all__ = ["Chart", "calendar_plot", "chronology"]
