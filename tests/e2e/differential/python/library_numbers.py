import cmath
import sys

print(0.1 + 0.2, 2 ** 200, 7 // -2, -7 % 3, divmod(-7, 2), 1e308 * 10, float("nan"))
print(cmath.sqrt(-1), complex("1+2j") ** 2, round(2.675, 2), f"{1234567.891:,.2f} {255:#x} {0.5:%}")
try:
    int("9" * 5000)
except ValueError as error:
    print(error)
sys.set_int_max_str_digits(0)
print(len(str(10 ** 5000)))
try:
    1 << (1 << 62)
except (OverflowError, MemoryError) as error:
    print(type(error).__name__)
