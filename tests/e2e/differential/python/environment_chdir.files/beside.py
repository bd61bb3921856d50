WHO = __file__
