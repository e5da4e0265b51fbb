"""Complaints, reports and inquiries: from a message to a closed case."""
