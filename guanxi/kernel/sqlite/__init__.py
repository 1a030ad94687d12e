"""Django's SQLite backend with a fair gate before write transactions (see docs/adr/)."""
