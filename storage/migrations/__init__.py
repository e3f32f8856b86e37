"""The schema's history for Alembic: appended, never edited. `rasid db upgrade` runs it."""
