"""Hostile input to every reader of what a user gives: no traceback, no hang, no memory."""
