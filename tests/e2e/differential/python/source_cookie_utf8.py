#!/usr/bin/python3
# vim: set fileencoding=utf-8 :
print("€")
x = "€" + 1
