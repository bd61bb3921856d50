from __future__ import annotations

import __future__


def f(x: no_such_name) -> also_none:
    return x


print(f.__annotations__, annotations, __future__.all_feature_names)
