"""What every table shares: the schema it belongs to, names of constraints, numbers of rows."""

from sqlalchemy import BigInteger, Integer, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Identity = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER counts up by itself on SQLite
