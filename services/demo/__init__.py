"""Demonstration data: a seeded register of invented enterprises, so that every kind of answer can be seen."""
