"""What we remember: SQLAlchemy over SQLite or PostgreSQL."""
