"""Files that are still being fetched from the gateway: when to look again, and when nothing will come any more."""

AGAIN_S = 0.15
PATIENCE_S = 20.0  # while somebody waits for a word about it
LATE_S = 1_800.0  # the gateway keeps files for half an hour
_RARELY_S = 1.0


def pause_s(age_s: float) -> float:
    """Until the next look at a file that is waited for since then."""
    return AGAIN_S if age_s < PATIENCE_S else _RARELY_S
