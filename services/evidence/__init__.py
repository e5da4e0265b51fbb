"""Evidence of complaints: taken in from WeChat and from pages, checked, kept sealed, shown safely."""
