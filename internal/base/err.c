#include "base/err.h"

#include <stdio.h>
#include <string.h>

int err_set(struct err *err, int code, const char *fmt, ...)
{
	if (err != NULL) {
		va_list args;

		err->code = code;
		va_start(args, fmt);
		(void)vsnprintf(err->text, sizeof(err->text), fmt, args);
		va_end(args);
	}
	return code;
}

int err_wrap(struct err *err, const char *fmt, ...)
{
	struct err inner;
	va_list args;
	size_t length;

	if (err == NULL)
		return 0;
	inner = *err;
	va_start(args, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	length = strlen(err->text);
	(void)snprintf(err->text + length, sizeof(err->text) - length, ": %s", inner.text);
	return err->code;
}
