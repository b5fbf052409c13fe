"""How long a rebuild of everything took, and how much memory, where it was last measured."""

INPUTS = {"verification": "reports/results/verification.csv"}
MINUTE, GIB = 60.0, 1024.0


def text(verification: list[dict[str, str]]) -> str:
    """Return one sentence, rounded as such measurements deserve."""
    if not verification or not verification[0]["seconds"]:
        return "Not measured yet on this tree: `make verify` measures it."
    row = verification[0]
    minutes = max(1, round(float(row["seconds"]) / MINUTE))
    memory = f", {float(row['peak_mib']) / GIB:.1f} GiB of memory" if row["peak_mib"] else ""
    return (
        f"Rebuilding everything from nothing took {minutes} minute{'s'[: minutes - 1]}{memory} "
        f"({row['machine']}; {row['verified_on']})."
    )
