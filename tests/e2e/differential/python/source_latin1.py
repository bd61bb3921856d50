# -*- coding: latin-1 -*-
text = "café"
print(text, len(text))
1 / 0  # é
