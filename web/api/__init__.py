"""The door for other systems: signed JSON, described in OpenAPI."""
