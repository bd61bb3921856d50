import collections.abc
import numbers


class Mine(collections.abc.Sequence):
    def __len__(self):
        return 0

    def __getitem__(self, index):
        raise IndexError


collections.abc.Sequence.register(str)
numbers.Number.register(Mine)
print(isinstance(Mine(), numbers.Number), isinstance("", collections.abc.Sequence), list(Mine()))
