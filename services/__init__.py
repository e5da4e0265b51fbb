"""What the bureau does; knows no WeChat and no web."""
