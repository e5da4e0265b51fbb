"""Copies of all that must not be lost, and their way back."""
