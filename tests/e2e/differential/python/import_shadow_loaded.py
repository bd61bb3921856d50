import os
import codecs
import io
import abc

print(os.__file__, codecs.__file__, io.__file__, abc.__file__)
