"""Runs the command line under cProfile: python -m bench.profiled FILE run. The profile is written at the end."""

import contextlib
import cProfile
import sys

from autoleads.cli import main

if __name__ == "__main__":
    with cProfile.Profile() as profile, contextlib.suppress(SystemExit):
        main(sys.argv[2:])
    profile.dump_stats(sys.argv[1])
