"""Campaigns: articles, their approval, and how they go out."""
