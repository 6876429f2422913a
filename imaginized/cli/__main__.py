"""`python -m imaginized.cli` is `imaginizectl`."""

from imaginized.cli.ctl import main

if __name__ == "__main__":
    main(prog_name="imaginizectl")
