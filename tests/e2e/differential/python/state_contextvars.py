import contextvars

print(list(contextvars.copy_context()))
variable = contextvars.ContextVar("v", default=1)
token = variable.set(2)
context = contextvars.copy_context()
context.run(variable.set, 3)
print(variable.get(), context[variable], token.old_value is contextvars.Token.MISSING)
