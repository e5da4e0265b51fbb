"""`python -m cli`: the command line of this checkout."""

from cli.main import main

main()
