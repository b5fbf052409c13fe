"""Speed and memory: this package beside its peers, in the same run on the same machine."""
