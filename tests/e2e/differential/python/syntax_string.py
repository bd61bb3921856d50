text = 'never closed
