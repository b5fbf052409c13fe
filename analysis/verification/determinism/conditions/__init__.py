"""One condition a file, found by place: ``ABOUT`` says what is changed, ``prepare`` changes it."""
