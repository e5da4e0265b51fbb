"""Counting: what happened once, the 活动统计表, roll-up, reports, evaluation of associations."""
