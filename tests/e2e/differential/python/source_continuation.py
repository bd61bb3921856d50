total = 1 + \
    2
print(total)
value = (1 +
         None)
