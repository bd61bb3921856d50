/* listing: the reply of `kiln.languages`, as a table. Pure functions. */
#ifndef KILN_CLIENT_LISTING_H
#define KILN_CLIENT_LISTING_H

#include "base/buf.h"
#include "base/err.h"

#include <stddef.h>

#define LISTING_SUBJECT "kiln.languages"

/* Appends one aligned line for each language, under a line of titles.
 * 0; -EPROTO when the reply is not of this kind; -ENOMEM. */
int listing_format(const char *reply, size_t length, struct buf *table, struct err *err);

/* "kiln 0.1.0 (4 languages)". 0 or -EPROTO. */
int listing_summary(const char *reply, size_t length, char *text, size_t size, struct err *err);

#endif
