"""How the portal runs: outbox, schedule, queue; for the page, the command and machines alike."""
