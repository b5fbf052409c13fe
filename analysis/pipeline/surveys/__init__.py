"""A user's surveys in the build: where their files lie, what is made of them, what is said."""
