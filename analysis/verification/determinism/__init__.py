"""Build again with one thing changed at a time: does any number depend on it?"""
