"""Many specifications of one question: which there are, and what they say together."""
