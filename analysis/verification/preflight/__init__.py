"""What editors scan a deposit for, looked at before they do: one check a file."""
