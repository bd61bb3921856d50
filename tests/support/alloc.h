/* alloc: makes the Nth allocation of the code under test fail.
 *
 *	for (unsigned n = 1; n <= ALLOC_RUNS; n++) {
 *		alloc_fail_at(n);
 *		… the call under test …
 *		if (!alloc_failed())	// it needs fewer than n allocations: all were tried
 *			break;
 *	}
 *	alloc_fail_at(0);
 *
 * Counts malloc, calloc, realloc, strdup and strndup of Kiln's own code, and jansson's. */
#ifndef KILN_TESTS_SUPPORT_ALLOC_H
#define KILN_TESTS_SUPPORT_ALLOC_H

#include <stdbool.h>

#define ALLOC_RUNS 10000

void alloc_fail_at(unsigned n); /* 0: none fails */
bool alloc_failed(void);        /* whether one has failed since alloc_fail_at */

#endif
