"""The staff's pages at `/console`."""
