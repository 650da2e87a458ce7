"""`python -m autoleads`."""

import sys

from autoleads.cli import main

if __name__ == "__main__":
    sys.exit(main())
