import folder
import folder.part

print(folder, type(folder.__path__).__name__, list(folder.__path__), folder.__file__, folder.part.X)
