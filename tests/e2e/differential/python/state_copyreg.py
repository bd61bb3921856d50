import codecs
import copyreg

print(sorted(kind.__name__ for kind in copyreg.dispatch_table), copyreg._extension_registry)
print(copyreg._inverted_registry, copyreg._extension_cache)
