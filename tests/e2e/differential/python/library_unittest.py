import doctest
import sys
import unittest


def twice(n):
    """
    >>> twice(2)
    4
    """
    return 2 * n


class Tests(unittest.TestCase):
    def test_passes(self):
        self.assertEqual(twice(3), 6)

    @unittest.skip("shown as skipped")
    def test_skipped(self):
        pass


print(doctest.testmod())
result = unittest.TextTestRunner(stream=sys.stdout, verbosity=0).run(
    unittest.defaultTestLoader.loadTestsFromTestCase(Tests)) if len(sys.argv) > 1 else None
unittest.main(argv=["main"], verbosity=2, exit=False, testRunner=lambda **kw: None) \
    if result else print(sorted(name for name in vars(Tests) if name.startswith("test")))
