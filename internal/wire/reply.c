/* A reply is small but for four strings: `output`, `stdout`, `stderr` and the compiler's. Each is a
 * field here: some streams of the result's output, in order of arrival, cut to what the reply may
 * hold. Lengths are known before anything is written, so that the reply's bound is kept exactly. */
#include "wire/wire.h"

#include "wire/base64.h"
#include "wire/json.h"
#include "wire/utf8.h"

#include <errno.h>

#define BIT(stream) (1u << (stream))
#define ALL_STREAMS (BIT(STREAM_STDOUT) | BIT(STREAM_STDERR) | BIT(STREAM_COMPILE))
#define STREAMS_END (STREAM_COMPILE + 1)

/* Beyond these a label is cut: with them, WIRE_REPLY_BYTES_MIN is enough for what is fixed. */
#define ERROR_BYTES_MAX 255
#define ENGINE_BYTES_MAX 64

enum field_name {
	FIELD_OUTPUT,
	FIELD_STDOUT,
	FIELD_STDERR,
	FIELD_COMPILE,
	FIELDS,
};

struct field {
	unsigned streams; /* a BIT of each; none: the field is empty */
	size_t length;    /* bytes of these streams */
	size_t kept;      /* how many of them, from the start, are written */
	size_t cost;      /* what the kept ones take between the quotes */
};

struct reply {
	const struct result *result;
	const struct reply_context *context;
	bool ran; /* else nothing was run, and there is only an error to tell */
	bool base64;
	bool cut[STREAMS_END];
	struct field fields[FIELDS];
};

/* Walks over the pieces of the first `left` bytes of a field. */
struct walk {
	const struct output *output;
	unsigned streams;
	size_t left;
	size_t next_span;
	const uint8_t *next_byte;
};

static struct walk walk_begin(const struct reply *r, const struct field *f, size_t length)
{
	return (struct walk){
		.output = &r->result->output,
		.streams = f->streams,
		.left = length,
		.next_byte = r->result->output.bytes.data,
	};
}

static bool walk_next(struct walk *w, const uint8_t **ret_data, size_t *ret_length)
{
	while (w->left > 0 && w->next_span < w->output->spans_count) {
		const struct span *span = &w->output->spans[w->next_span++];
		const uint8_t *data = w->next_byte;

		w->next_byte += span->length;
		if ((w->streams & BIT(span->stream)) == 0)
			continue;
		*ret_data = data;
		*ret_length = span->length < w->left ? span->length : w->left;
		w->left -= *ret_length;
		return true;
	}
	return false;
}

static bool verdict_means_run(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_REJECTED:
	case VERDICT_BUSY:
	case VERDICT_CANCELLED:
	case VERDICT_INTERNAL_ERROR:
		return false;
	default:
		return true;
	}
}

static bool output_is_stdout(const struct reply *r)
{
	return r->result->verdict == VERDICT_OK && r->context->profile != NULL &&
	       r->context->profile->stdout_only;
}

/* Whether every field is valid UTF-8. Each stream has to be, and where `output` mixes them, no
 * character may be cut in two by another stream's bytes: then every span is valid by itself.
 * (If a span ended within a character, the next would have to begin with the rest of it, and so
 * its own stream, whole until there, would not be valid.) */
static bool output_is_text(const struct reply *r)
{
	const struct output *output = &r->result->output;
	struct utf8 state[STREAMS_END] = {0};
	const uint8_t *data = output->bytes.data;
	bool mixed = !output_is_stdout(r);

	for (size_t i = 0; i < output->spans_count; i++) {
		const struct span *span = &output->spans[i];

		if (!utf8_feed(&state[span->stream], data, span->length))
			return false;
		if (mixed && !utf8_is_whole(&state[span->stream]))
			return false;
		data += span->length;
	}
	for (unsigned stream = 0; stream < STREAMS_END; stream++) {
		if (!utf8_is_whole(&state[stream]))
			return false;
	}
	return true;
}

static void choose_streams(struct reply *r)
{
	if (!r->ran)
		return;
	r->fields[FIELD_OUTPUT].streams = output_is_stdout(r) ? BIT(STREAM_STDOUT) : ALL_STREAMS;
	r->fields[FIELD_STDOUT].streams = BIT(STREAM_STDOUT);
	r->fields[FIELD_STDERR].streams = BIT(STREAM_STDERR);
	if (r->result->outcome.compile.ran)
		r->fields[FIELD_COMPILE].streams = BIT(STREAM_COMPILE);
}

/* Sets the length and the cost of each field, uncut. */
static void measure_fields(struct reply *r)
{
	const struct output *output = &r->result->output;
	const uint8_t *data = output->bytes.data;
	size_t length[STREAMS_END] = {0}, cost[STREAMS_END] = {0};

	for (size_t i = 0; i < output->spans_count && r->ran; i++) {
		const struct span *span = &output->spans[i];

		length[span->stream] += span->length;
		if (!r->base64)
			cost[span->stream] += json_escaped_length(data, span->length);
		data += span->length;
	}
	for (struct field *f = r->fields; f < r->fields + FIELDS; f++) {
		for (unsigned stream = 0; stream < STREAMS_END; stream++) {
			if ((f->streams & BIT(stream)) == 0)
				continue;
			f->length += length[stream];
			f->cost += cost[stream];
		}
		f->kept = f->length;
		if (r->base64)
			f->cost = base64_length(f->length);
	}
}

static void put_field(struct buf *b, const struct reply *r, enum field_name name)
{
	const struct field *f = &r->fields[name];
	struct walk w = walk_begin(r, f, f->kept);
	struct base64_encoder encoder;
	const uint8_t *data;
	size_t length;

	(void)buf_append_text(b, "\"");
	base64_begin(&encoder);
	while (walk_next(&w, &data, &length)) {
		if (r->base64)
			base64_put(&encoder, b, data, length);
		else
			json_put_escaped(b, data, length);
	}
	if (r->base64)
		base64_end(&encoder, b);
	(void)buf_append_text(b, "\"");
}

static void put_bool(struct buf *b, bool value)
{
	(void)buf_append_text(b, value ? "true" : "false");
}

static const char *status_message(const struct result *result, bool ran)
{
	if (result->verdict == VERDICT_OK)
		return "Success";
	if (ran)
		return "Failed to execute code";
	return result->decode_error ? "Failed to decode base64" : result->error;
}

/* What the stages themselves took, as Go prints a duration of some milliseconds. */
static int64_t execution_us(const struct reply *r)
{
	const struct outcome *outcome = &r->result->outcome;

	if (!r->ran)
		return 0;
	return (outcome->compile.ran ? outcome->compile.wall_us : 0) +
	       (outcome->run.ran ? outcome->run.wall_us : 0);
}

/* The five keys that clients of the old service know. */
static void put_first_keys(struct buf *b, const struct reply *r)
{
	const struct result *result = r->result;

	(void)buf_append_text(b, "{\"output\":");
	put_field(b, r, FIELD_OUTPUT);
	(void)buf_append_text(b, ",\"status_message\":");
	json_put_label(b, status_message(result, r->ran), ERROR_BYTES_MAX);
	(void)buf_append_text(b, ",\"error\":");
	json_put_label(b, result->error, ERROR_BYTES_MAX);
	(void)buf_append_text(b, ",\"success\":");
	put_bool(b, result->verdict == VERDICT_OK);
	(void)buf_append_text(b, ",\"execution_time\":\"");
	json_put_ms(b, execution_us(r));
	(void)buf_append_text(b, "ms\"");
}

static void put_identity(struct buf *b, const struct reply *r)
{
	(void)buf_append_text(b, ",\"id\":");
	json_put_label(b, r->context->id, JOB_ID_BYTES_MAX);
	(void)buf_append_text(b, ",\"language\":");
	json_put_label(b, r->context->language, JOB_LANGUAGE_BYTES_MAX);
	(void)buf_append_text(b, ",\"verdict\":\"");
	(void)buf_append_text(b, verdict_text(r->result->verdict));
	(void)buf_append_text(b, "\"");
}

static void put_streams(struct buf *b, const struct reply *r)
{
	(void)buf_append_text(b, ",\"stdout\":");
	put_field(b, r, FIELD_STDOUT);
	(void)buf_append_text(b, ",\"stderr\":");
	put_field(b, r, FIELD_STDERR);
	(void)buf_append_text(b, ",\"encoding\":");
	(void)buf_append_text(b, r->base64 ? "\"base64\"" : "\"utf8\"");
}

static void put_exit_code(struct buf *b, const struct stage_report *stage, bool ran)
{
	(void)buf_append_text(b, ",\"exit_code\":");
	if (ran && stage->signal == 0 && stage->exit_code >= 0)
		json_put_uint(b, (uint64_t)stage->exit_code);
	else
		(void)buf_append_text(b, "null");
}

static void put_ending(struct buf *b, const struct reply *r)
{
	const struct stage_report *run = &r->result->outcome.run;
	bool ran = r->ran && run->ran;
	char name[24];

	put_exit_code(b, run, ran);
	(void)buf_append_text(b, ",\"signal\":");
	if (ran && run->signal != 0)
		verdict_signal_name(run->signal, name, sizeof(name));
	json_put_label(b, ran && run->signal != 0 ? name : NULL, sizeof(name));
}

static void put_compile(struct buf *b, const struct reply *r)
{
	const struct stage_report *compile = &r->result->outcome.compile;

	if (!r->ran || !compile->ran) {
		(void)buf_append_text(b, ",\"compile\":null");
		return;
	}
	(void)buf_append_text(b, ",\"compile\":{\"output\":");
	put_field(b, r, FIELD_COMPILE);
	put_exit_code(b, compile, true);
	(void)buf_append_text(b, ",\"time_ms\":");
	json_put_ms(b, compile->wall_us);
	(void)buf_append_text(b, r->result->compile_cached ? ",\"cached\":true}"
							   : ",\"cached\":false}");
}

static void put_usage(struct buf *b, const struct reply *r)
{
	const struct stage_report *run = &r->result->outcome.run;

	if (!r->ran || !run->ran) {
		(void)buf_append_text(b, ",\"usage\":null");
		return;
	}
	(void)buf_append_text(b, ",\"usage\":{\"cpu_ms\":");
	json_put_ms(b, run->cpu_us);
	(void)buf_append_text(b, ",\"wall_ms\":");
	json_put_ms(b, run->wall_us);
	(void)buf_append_text(b, ",\"memory_bytes\":");
	json_put_uint(b, run->memory_bytes);
	(void)buf_append_text(b, "}");
}

static void put_timing(struct buf *b, const struct timing *timing)
{
	(void)buf_append_text(b, ",\"timing\":{\"queue_ms\":");
	json_put_ms(b, timing->queue_us);
	(void)buf_append_text(b, ",\"lease_ms\":");
	json_put_ms(b, timing->lease_us);
	(void)buf_append_text(b, ",\"compile_ms\":");
	json_put_ms(b, timing->compile_us);
	(void)buf_append_text(b, ",\"run_ms\":");
	json_put_ms(b, timing->run_us);
	(void)buf_append_text(b, ",\"total_ms\":");
	json_put_ms(b, timing->total_us);
	(void)buf_append_text(b, "}");
}

static void put_limit(struct buf *b, const struct limit_hit *limit)
{
	if (limit->name == LIMIT_NONE) {
		(void)buf_append_text(b, ",\"limit\":null");
		return;
	}
	(void)buf_append_text(b, ",\"limit\":{\"name\":\"");
	(void)buf_append_text(b, limit_name_text(limit->name));
	(void)buf_append_text(b, "\",\"allowed\":");
	json_put_uint(b, limit->allowed);
	(void)buf_append_text(b, ",\"measured\":");
	json_put_uint(b, limit->measured);
	(void)buf_append_text(b, "}");
}

static void put_truncated(struct buf *b, const struct reply *r)
{
	const struct outcome *outcome = &r->result->outcome;
	bool of_stderr = outcome->stderr_truncated || outcome->compile_truncated;

	(void)buf_append_text(b, ",\"truncated\":{\"stdout\":");
	put_bool(b, r->ran && (outcome->stdout_truncated || r->cut[STREAM_STDOUT]));
	(void)buf_append_text(b, ",\"stderr\":");
	put_bool(b, r->ran && (of_stderr || r->cut[STREAM_STDERR] || r->cut[STREAM_COMPILE]));
	(void)buf_append_text(b, "}");
}

static void put_reply(struct buf *b, const struct reply *r)
{
	put_first_keys(b, r);
	put_identity(b, r);
	put_streams(b, r);
	put_ending(b, r);
	put_compile(b, r);
	put_usage(b, r);
	put_timing(b, &r->result->timing);
	put_limit(b, &r->result->outcome.limit);
	put_truncated(b, r);
	(void)buf_append_text(b, ",\"engine\":{\"name\":");
	json_put_label(b, r->context->engine_name, ENGINE_BYTES_MAX);
	(void)buf_append_text(b, ",\"version\":\"" KILN_VERSION "\"}}");
}

/* The length of the reply without the bytes of its fields; 0: out of memory. */
static size_t measure_rest(const struct reply *r)
{
	struct reply empty = *r;
	auto_buf struct buf b;

	for (struct field *f = empty.fields; f < empty.fields + FIELDS; f++)
		f->kept = 0;
	buf_init(&b, BUF_UNBOUNDED);
	put_reply(&b, &empty);
	return buf_failed(&b) ? 0 : b.length;
}

static void cut_base64(struct field *f, size_t cost_max)
{
	f->kept = cost_max / 4 * 3;
	f->cost = base64_length(f->kept);
}

static void cut_text(const struct reply *r, struct field *f, size_t cost_max)
{
	struct walk w = walk_begin(r, f, f->length);
	size_t seen = 0, cost = 0, length;
	const uint8_t *data;

	while (walk_next(&w, &data, &length)) {
		for (size_t i = 0; i < length; i++, seen++) {
			/* What was seen up to here are whole characters. */
			if ((data[i] & 0xc0) != 0x80) {
				f->kept = seen;
				f->cost = cost;
			}
			cost += json_byte_cost(data[i]);
			if (cost > cost_max)
				return;
		}
	}
}

static void mark_what_was_cut(struct reply *r, const struct field *f)
{
	const struct output *output = &r->result->output;
	size_t end = 0;

	for (size_t i = 0; i < output->spans_count; i++) {
		if ((f->streams & BIT(output->spans[i].stream)) == 0)
			continue;
		end += output->spans[i].length;
		if (end > f->kept)
			r->cut[output->spans[i].stream] = true;
	}
}

/* Shares `budget` out: fields that need less than an even share get what they need, and the
 * others get even shares of what is left. */
static void fit_fields(struct reply *r, size_t budget)
{
	bool decided[FIELDS] = {false};
	size_t undecided = FIELDS, share = budget / FIELDS;

	for (bool again = true; again && undecided > 0;) {
		again = false;
		share = budget / undecided;
		for (unsigned i = 0; i < FIELDS; i++) {
			if (decided[i] || r->fields[i].cost > share)
				continue;
			decided[i] = again = true;
			budget -= r->fields[i].cost;
			undecided--;
		}
	}
	for (unsigned i = 0; i < FIELDS; i++) {
		if (decided[i])
			continue;
		if (r->base64)
			cut_base64(&r->fields[i], share);
		else
			cut_text(r, &r->fields[i], share);
		mark_what_was_cut(r, &r->fields[i]);
	}
}

static size_t total_cost(const struct reply *r)
{
	size_t total = 0;

	for (const struct field *f = r->fields; f < r->fields + FIELDS; f++)
		total += f->cost;
	return total;
}

/* 0 or -ENOMEM. */
static int keep_within(struct reply *r, size_t bytes_max)
{
	size_t rest;

	if (total_cost(r) <= bytes_max - WIRE_REPLY_BYTES_MIN)
		return 0;
	rest = measure_rest(r);
	if (rest == 0)
		return -ENOMEM;
	if (total_cost(r) > bytes_max - rest)
		fit_fields(r, bytes_max - rest);
	return 0;
}

char *wire_format_reply(const struct result *result, const struct reply_context *context,
			size_t bytes_max, size_t *ret_length)
{
	struct reply r = {.result = result, .context = context};
	size_t length;
	struct buf b;
	char *text;

	if (bytes_max < WIRE_REPLY_BYTES_MIN)
		bytes_max = WIRE_REPLY_BYTES_MIN;
	r.ran = verdict_means_run(result->verdict);
	r.base64 = r.ran && !output_is_text(&r);
	choose_streams(&r);
	measure_fields(&r);
	if (keep_within(&r, bytes_max) < 0)
		return NULL;

	buf_init(&b, bytes_max);
	length = total_cost(&r) + WIRE_REPLY_BYTES_MIN;
	(void)buf_reserve(&b, length < bytes_max ? length : bytes_max);
	put_reply(&b, &r);
	length = b.length;
	text = buf_take_text(&b);
	if (text != NULL)
		*ret_length = length;
	return text;
}
