"""Database migrations, in sequence."""
