"""Reminders of deadlines: when (schedule), which are due (planning), what they say (words), keeping them (recording)."""

from accounts.reminders.planning import Book, Reminder, between, due, told
from accounts.reminders.recording import plan_due, record
from accounts.reminders.schedule import Rule, Step, steps

__all__ = ["Book", "Reminder", "Rule", "Step", "between", "due", "plan_due", "record", "steps", "told"]
