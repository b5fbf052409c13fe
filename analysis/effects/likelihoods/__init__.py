"""Maximum likelihood: the maximum, marginal effects, models that several estimators share."""
