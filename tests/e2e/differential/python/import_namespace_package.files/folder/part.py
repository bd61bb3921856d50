X = __spec__.parent
