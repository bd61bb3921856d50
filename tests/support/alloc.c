#include "support/alloc.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static unsigned countdown;
static bool failed;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *pointer, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t length);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *pointer, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t length);

static bool must_fail(void)
{
	if (countdown == 0)
		return false;
	countdown--;
	if (countdown != 0)
		return false;
	failed = true;
	return true;
}

void *__wrap_malloc(size_t size)
{
	return must_fail() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return must_fail() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *pointer, size_t size)
{
	return must_fail() ? NULL : __real_realloc(pointer, size);
}

char *__wrap_strdup(const char *text)
{
	return must_fail() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t length)
{
	return must_fail() ? NULL : __real_strndup(text, length);
}

void alloc_fail_at(unsigned n)
{
	/* jansson is a shared library: its calls do not pass the linker's --wrap. */
	json_set_alloc_funcs(__wrap_malloc, free);
	countdown = n;
	failed = false;
}

bool alloc_failed(void)
{
	return failed;
}
