"""The credit archive: what is in force and what a citizen is shown."""
