"""One check a file, found by place: ``ABOUT`` says what is looked for, ``find(tree)`` looks."""
