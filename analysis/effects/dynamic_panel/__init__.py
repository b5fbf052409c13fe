"""Dynamic panels by GMM: equations, lagged instruments, one and two steps, specification tests."""
