"""The ground: clock, calendar, money, text, access, events, files, API conventions. Imports no other app."""
