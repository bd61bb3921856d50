import code
import pdb

code.interact(banner="banner", exitmsg="end", local={"x": 5})
print("after", pdb.__name__)
