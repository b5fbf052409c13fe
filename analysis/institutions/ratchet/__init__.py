"""The ratchet: targets that rise with what was collected, and what a county then does."""
