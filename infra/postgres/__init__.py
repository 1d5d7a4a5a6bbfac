"""PostgreSQL: one database per service, with an owner for migrations and a runtime role without DDL."""
