"""Published evidence: effects that studies report, and figures on organisation."""
