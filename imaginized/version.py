"""The version of the package and of what it speaks with others."""

VERSION = "0.1.0"
PROTOCOL = 1
