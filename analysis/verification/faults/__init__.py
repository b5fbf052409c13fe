"""The test plan of faults: kills, full disks, torn caches; each is one file in ``plan``."""
