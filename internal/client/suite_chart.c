/* The picture of a run: horizontal bars in two groups.
 *
 * The first holds what is promised as a multiple of the local run: all its bars have one scale, on
 * which a dashed line marks the local run (1 x), and each has its own target as a short black line.
 * The second holds the other promises, which differ in unit: each bar is drawn as a multiple of its
 * own target, so that one line serves them all, and is cut off where it would leave the picture.
 * Colour repeats what the words say, and nothing depends on it. */
#include "client/suite_report.h"

#include <stdio.h>
#include <string.h>

#define WIDTH 1130
#define BAR_LEFT 350
#define BAR_WIDTH 430
#define TEXT_LEFT 796
#define ROW_HEIGHT 34
#define BAR_HEIGHT 16
#define TOP 84
#define GROUP_HEIGHT 58 /* its title, and the space above and below it */
#define FOOT 46
#define TARGET_PLACE 0.5 /* of the width, in the second group */
#define VALUE_BYTES 32

#define COLOR_MET "#2e7d4f"
#define COLOR_MISSED "#c8742a"
#define COLOR_LINE "#222222"
#define COLOR_FAINT "#6b6b6b"
#define COLOR_TRACK "#f0f0ee"

/* Text of ours and of an engine's name alike, as content of an element. */
static void append_escaped(struct buf *svg, const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte == '<')
			(void)buf_append_text(svg, "&lt;");
		else if (byte == '>')
			(void)buf_append_text(svg, "&gt;");
		else if (byte == '&')
			(void)buf_append_text(svg, "&amp;");
		else if (byte >= ' ') /* XML has no way to write the others */
			(void)buf_append(svg, text, 1);
	}
}

static void append_text(struct buf *svg, double x, double y, const char *class, const char *text)
{
	(void)buf_append_format(svg, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, class);
	append_escaped(svg, text);
	(void)buf_append_text(svg, "</text>\n");
}

static void append_bar(struct buf *svg, double y, double width, const char *color)
{
	(void)buf_append_format(svg,
				"<rect x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" rx=\"2\" "
				"fill=\"%s\"/>\n",
				BAR_LEFT, y, width, BAR_HEIGHT, color);
}

static void append_line(struct buf *svg, double x, double top, double bottom, const char *style)
{
	(void)buf_append_format(svg, "<path d=\"M%.1f %.1fV%.1f\" stroke=\"%s\" %s/>\n", x, top,
				bottom, COLOR_LINE, style);
}

static bool is_multiple_of_local(const struct suite_row *row)
{
	return row->target.unit == SUITE_TIMES && row->local.count != 0 && !row->target.at_least &&
	       row->target.value <= 1;
}

/* The multiple that the whole width stands for. */
static double scale_of(const struct suite_report *report)
{
	double most = 1.1;

	for (size_t i = 0; i < report->rows_count; i++) {
		const struct suite_row *row = &report->rows[i];

		if (is_multiple_of_local(row) && row->measured * 1.05 > most)
			most = row->measured * 1.05;
	}
	return most;
}

static void describe(const struct suite_row *row, char *text, size_t size)
{
	char value[VALUE_BYTES], target[2 * VALUE_BYTES], kiln[VALUE_BYTES], local[VALUE_BYTES];

	suite_format_target(&row->target, target, sizeof(target));
	suite_format_value(row->measured, row->target.unit, value, sizeof(value));
	suite_format_value(row->kiln.p50_ms, SUITE_MS, kiln, sizeof(kiln));
	suite_format_value(row->local.p50_ms, SUITE_MS, local, sizeof(local));
	if (is_multiple_of_local(row))
		(void)snprintf(text, size, "%s: %s of %s; %s", value, kiln, local, target);
	else
		(void)snprintf(text, size, "%s; %s", value, target);
}

/* `share` of the width the bar takes, `target` the line of its own; 0: none. */
static void append_row(struct buf *svg, const struct suite_row *row, double y, double share,
		       double target)
{
	enum suite_mark mark = suite_row_mark(row);
	double bar = y + (ROW_HEIGHT - BAR_HEIGHT) / 2.0;
	double middle = y + ROW_HEIGHT / 2.0 + 4.5;
	char text[200];

	append_text(svg, BAR_LEFT - 12, middle, "title", row->title);
	append_bar(svg, bar, BAR_WIDTH, COLOR_TRACK);
	if (mark == SUITE_ABSENT) {
		append_text(svg, TEXT_LEFT, middle, "missed", "not measured");
		return;
	}
	append_bar(svg, bar, BAR_WIDTH * (share < 1 ? share : 1),
		   mark == SUITE_MET ? COLOR_MET : COLOR_MISSED);
	if (share > 1)
		append_text(svg, BAR_LEFT + BAR_WIDTH - 16, middle, "cut", "»");
	if (target > 0)
		append_line(svg, BAR_LEFT + BAR_WIDTH * target, bar - 4, bar + BAR_HEIGHT + 4,
			    "stroke-width=\"2.5\"");
	describe(row, text, sizeof(text));
	append_text(svg, TEXT_LEFT, middle, mark == SUITE_MET ? "met" : "missed", text);
}

static double append_multiples(const struct suite_report *report, double y, struct buf *svg)
{
	double scale = scale_of(report);
	double local = BAR_LEFT + BAR_WIDTH / scale;
	double top = y + GROUP_HEIGHT;

	append_text(svg, 24, y + 30, "group",
		    "Time from request to reply, as a multiple of the local run");
	append_text(svg, local, top - 8, "axis", "local = 1 x");
	y = top;
	for (size_t i = 0; i < report->rows_count; i++) {
		const struct suite_row *row = &report->rows[i];

		if (!is_multiple_of_local(row))
			continue;
		append_row(svg, row, y, row->measured / scale, row->target.value / scale);
		y += ROW_HEIGHT;
	}
	append_line(svg, local, top - 4, y + 2, "stroke-dasharray=\"3 3\"");
	return y;
}

static double append_others(const struct suite_report *report, double y, struct buf *svg)
{
	double line = BAR_LEFT + BAR_WIDTH * TARGET_PLACE;
	double top = y + GROUP_HEIGHT;

	append_text(svg, 24, y + 30, "group",
		    "Other promises, each as a multiple of its own target");
	append_text(svg, line, top - 8, "axis", "target");
	y = top;
	for (size_t i = 0; i < report->rows_count; i++) {
		const struct suite_row *row = &report->rows[i];

		if (is_multiple_of_local(row))
			continue;
		append_row(svg, row, y,
			   TARGET_PLACE * suite_ratio(row->measured, row->target.value), 0);
		y += ROW_HEIGHT;
	}
	append_line(svg, line, top - 4, y + 2, "stroke-width=\"1.5\"");
	return y;
}

static void append_head(const struct suite_report *report, int height, struct buf *svg)
{
	char text[300];

	(void)buf_append_format(
		svg,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
		"height=\"%d\" role=\"img\" aria-label=\"Kiln beside the same work run locally\">\n"
		"<style>text{font:13px 'DejaVu Sans',Verdana,sans-serif;fill:%s}"
		".head{font-size:20px;font-weight:bold}.group{font-size:15px;font-weight:bold}"
		".title{text-anchor:end}.axis{text-anchor:middle;font-size:11px;fill:%s}"
		".small{font-size:12px;fill:%s}.met{fill:%s}.missed{fill:#a3540f}"
		".cut{fill:#ffffff;font-weight:bold}</style>\n"
		"<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n",
		WIDTH, height, WIDTH, height, COLOR_LINE, COLOR_FAINT, COLOR_FAINT, COLOR_MET,
		WIDTH, height);
	append_text(svg, 24, 38, "head", "Kiln beside the same work run locally");
	(void)snprintf(text, sizeof(text),
		       "engine %s, Kiln %s, %u cores; medians of %llu runs in turn with local ones "
		       "(%llu of those with a new source)",
		       report->engine, report->engine_version, report->cores,
		       (unsigned long long)report->samples,
		       (unsigned long long)report->samples_slow);
	append_text(svg, 24, 62, "small", text);
}

void suite_report_svg(const struct suite_report *report, struct buf *svg)
{
	int height = TOP + 2 * GROUP_HEIGHT + (int)report->rows_count * ROW_HEIGHT + FOOT;
	double y = TOP - 20;

	append_head(report, height, svg);
	y = append_multiples(report, y, svg);
	y = append_others(report, y, svg);
	append_text(svg, 24, y + 34, "small",
		    "Green: the target is met. Orange: it is missed. A bar that ends with » is longer. "
		    "“At least”: the longer, the better.");
	(void)buf_append_text(svg, "</svg>\n");
}
