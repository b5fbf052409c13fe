"""The engine, and the thin tasks that read, call one function and hand back what to write."""
