import cProfile
import timeit

print(timeit.timeit("1 + 1", number=1000) < 1)
profile = cProfile.Profile()
profile.enable()
sum(range(1000))
profile.disable()
print(sorted(entry.code for entry in profile.getstats() if isinstance(entry.code, str)))
