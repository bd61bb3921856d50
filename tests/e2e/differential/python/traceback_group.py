def fail(number):
    raise ValueError(f"number {number}")


errors = []
for number in range(3):
    try:
        fail(number)
    except ValueError as error:
        errors.append(error)
nested = ExceptionGroup("inner", [TypeError("type"), OSError(2, "No such file")])
raise ExceptionGroup("several", errors + [nested])
