"""The exchange with the 12345/12312 hotline: signed messages both ways, daily files, nothing lost or doubled."""
