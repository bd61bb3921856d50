import helper

print(helper.VALUE)
helper.fail("x")
