import collections
import concurrent
import email
import importlib
import json
import os
import urllib
import xml

for module in (collections, concurrent, email, importlib, json, os, urllib, xml):
    print(module.__name__, sorted(name for name in vars(module) if type(vars(module)[name]) is type(os)))
try:
    importlib.util
except AttributeError as error:
    print(error)
try:
    urllib.parse
except AttributeError as error:
    print(error)
