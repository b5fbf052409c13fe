"""Each raw file as its sidecar describes it."""

from analysis.exhibits.readme.tables import pipe_table

INPUTS = {
    "sidecars": "data/raw/*.meta.toml",
    "literature": "data/raw/literature/*.meta.toml",
}
SUFFIX = ".meta.toml"


def text(sidecars: dict[str, dict], literature: dict[str, dict]) -> str:
    """Return file, producer, title, licence and when it was read, one row a file."""
    found = {f"data/raw/{name}": sidecar for name, sidecar in sidecars.items()}
    found |= {f"data/raw/literature/{name}": sidecar for name, sidecar in literature.items()}
    rows = [
        (
            f"`{name.removesuffix(SUFFIX)}`",
            sidecar["producer"],
            sidecar["title"],
            sidecar["licence"],
            sidecar["accessed"],
            "yes",
        )
        for name, sidecar in sorted(found.items())
    ]
    return pipe_table(("file", "source", "title", "licence", "accessed", "provided"), rows)
