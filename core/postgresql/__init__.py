"""Django's backend of PostgreSQL with what the portal's web server asks of a connection (`docs/adr/0031`)."""
