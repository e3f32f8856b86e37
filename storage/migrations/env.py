"""What Alembic runs: our migrations on the connection `storage.archive.schema` hands over."""

from alembic import context

from storage.archive.schema import is_ours
from storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_name=is_ours,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
