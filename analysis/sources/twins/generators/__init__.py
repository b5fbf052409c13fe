"""One module a twin: ``draw(world, rng, size)`` returns its frame and its truth."""
