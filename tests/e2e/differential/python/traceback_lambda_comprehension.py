apply = lambda function, values: [function(value) for value in values]
print(apply(lambda value: 10 // value, [5, 2, 0]))
