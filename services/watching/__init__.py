"""Following firms: what changed, who hears of it, and how often."""
