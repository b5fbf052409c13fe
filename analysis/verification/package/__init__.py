"""What ships, as one archive that can be deposited, checked and built."""
