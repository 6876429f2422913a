"""`python -m imaginized` is `imaginized`."""

from imaginized.cli.program import main

if __name__ == "__main__":
    main()
