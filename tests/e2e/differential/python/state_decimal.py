import decimal
from decimal import Decimal

print(decimal.getcontext(), decimal.DefaultContext)
print(Decimal(1) / 7, Decimal("0.1") + Decimal("0.2"), round(Decimal("2.5")))
decimal.getcontext().prec = 5
print(Decimal(1) / 7)
with decimal.localcontext() as context:
    context.rounding = decimal.ROUND_UP
    print(Decimal("1.000001") * 1)
print(decimal.__version__, decimal.HAVE_THREADS)
