"""Who may do what to an application."""
