"""Exhibits that need a user's regions; ``wanting`` says why one cannot be made."""
