"""Rebuild and compare: what of the committed reports comes out again, and how nearly."""
