/* bench_report: the results of `kiln bench`, for a person and as JSON, appended to a buffer. */
#ifndef KILN_CLIENT_BENCH_REPORT_H
#define KILN_CLIENT_BENCH_REPORT_H

#include "base/buf.h"
#include "client/bench_options.h"
#include "client/compare.h"
#include "client/load.h"

#include <stdint.h>

void bench_report_load(const struct bench_options *options, struct load_report *report,
		       struct buf *text);
void bench_report_ways(const struct bench_options *options, const struct plain *plain,
		       struct way_report reports[WAY_COUNT], struct buf *text);

/* Requests without an ok. */
uint64_t bench_report_failed(const struct load_report *report);

#endif
