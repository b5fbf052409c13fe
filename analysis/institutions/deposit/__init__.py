"""The wage-guarantee deposit: the permit gate as a ledger, and what follows from its rules."""
