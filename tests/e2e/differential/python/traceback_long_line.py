x = 1; y = 0; text = "a long line of source that has an error near its end, after much text"; print(x / y)
