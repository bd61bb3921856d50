import codecs
import locale
import sys

print(locale.getpreferredencoding(), locale.getencoding(), locale.getlocale())
print(locale.setlocale(locale.LC_ALL), locale.setlocale(locale.LC_CTYPE))
print(sys.getdefaultencoding(), codecs.lookup("utf8").name, "ß".encode("idna"))
try:
    print(locale.setlocale(locale.LC_ALL, ""))
    locale.setlocale(locale.LC_ALL, "de_DE.UTF-8")
except locale.Error as error:
    print(error)
