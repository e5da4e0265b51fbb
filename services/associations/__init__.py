"""Associations: members, commitments, honours, work."""
