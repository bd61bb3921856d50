print("package", __name__, __path__, __file__)
