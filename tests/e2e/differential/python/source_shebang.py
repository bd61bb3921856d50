#!/usr/bin/env python3
"""A doc text."""
print(__doc__)
