"""Normal selection models: who is seen or treated depends on what also moves the outcome."""
