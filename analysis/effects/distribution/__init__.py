"""What the estimators of distributions share: check functions, sparsity, influence, bands."""
