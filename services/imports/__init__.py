"""Getting records in and out: sheets of other authorities, quarantine, undoing, exports, sources."""
