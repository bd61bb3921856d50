/* suite_report: a run of `kiln bench --suite` as a table for a person, as JSON, and as a picture.
 * Pure functions: they append to a buffer, whose failure tells of memory. */
#ifndef KILN_CLIENT_SUITE_REPORT_H
#define KILN_CLIENT_SUITE_REPORT_H

#include "base/buf.h"
#include "client/suite_row.h"

void suite_report_table(const struct suite_report *report, struct buf *text);

/* One object, {engine, machine, samples, …, rows: […]}; README.md tells its keys. */
void suite_report_json(const struct suite_report *report, struct buf *text);

/* A self-contained SVG: no script, no font, no style sheet from elsewhere. */
void suite_report_svg(const struct suite_report *report, struct buf *text);

#endif
