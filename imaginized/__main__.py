"""`python -m imaginized` is `imaginized`."""

from imaginized.cli.daemon import main

if __name__ == "__main__":
    main()
