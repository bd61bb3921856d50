#include "client/suite_row.h"

#include <stdio.h>

void suite_copy_text(const char *from, char *text, size_t size)
{
	size_t length = 0;

	for (; *from != '\0' && length + 1 < size; from++) {
		if (*from >= ' ' && *from <= '~')
			text[length++] = *from;
		else if (*from != '\n' || from[1] != '\0')
			text[length++] = '?';
	}
	text[length] = '\0';
}

void suite_row_leave_out(struct suite_row *row, const char *reason)
{
	suite_copy_text(reason, row->absent, sizeof(row->absent));
}

enum suite_mark suite_row_mark(const struct suite_row *row)
{
	bool holds = row->target.at_least ? row->measured >= row->target.value
					  : row->measured <= row->target.value;

	if (row->absent[0] != '\0')
		return SUITE_ABSENT;
	return holds && row->failed == 0 ? SUITE_MET : SUITE_MISSED;
}

const char *suite_mark_text(enum suite_mark mark)
{
	switch (mark) {
	case SUITE_MET:
		return "met";
	case SUITE_MISSED:
		return "missed";
	default:
		return "not measured";
	}
}

static const char *const unit_names[] = {
	[SUITE_TIMES] = "x", [SUITE_MS] = "ms", [SUITE_US] = "us", [SUITE_PERCENT] = "%"};

void suite_format_value(double value, enum suite_unit unit, char *text, size_t size)
{
	int digits = value < 10 ? 2 : value < 100 ? 1 : 0;

	(void)snprintf(text, size, "%.*f %s", digits, value, unit_names[unit]);
}

void suite_format_target(const struct suite_target *target, char *text, size_t size)
{
	(void)snprintf(text, size, "%s %g %s", target->at_least ? "at least" : "at most",
		       target->value, unit_names[target->unit]);
}

double suite_ratio(double a, double b)
{
	return b > 0 ? a / b : 0;
}

struct suite_row *suite_report_add(struct suite_report *report, const char *key, const char *title,
				   struct suite_target target)
{
	struct suite_row *row = &report->rows[report->rows_count];

	report->rows_count++;
	*row = (struct suite_row){.key = key, .title = title, .target = target};
	return row;
}

size_t suite_report_count(const struct suite_report *report, enum suite_mark mark)
{
	size_t count = 0;

	for (size_t i = 0; i < report->rows_count; i++)
		count += suite_row_mark(&report->rows[i]) == mark;
	return count;
}
