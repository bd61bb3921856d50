/* The answer to kiln.languages. */
#include "wire/wire.h"

#include "wire/json.h"

static void put_text(struct buf *b, const char *key, const char *text)
{
	(void)buf_append_text(b, key);
	json_put_label(b, text, LANGUAGE_VERSION_BYTES);
}

static void put_language(struct buf *b, const struct language *language)
{
	put_text(b, "{\"name\":", language->name);
	put_text(b, ",\"version\":", language->version);
	put_text(b, ",\"file\":", language->file);
	(void)buf_append_text(b, ",\"aliases\":[");
	for (unsigned i = 0; i < language->aliases_count; i++)
		put_text(b, i == 0 ? "" : ",", language->aliases[i]);
	(void)buf_append_text(b, "],\"judge0_id\":");
	if (language->judge0_id == 0)
		(void)buf_append_text(b, "null");
	else
		json_put_uint(b, language->judge0_id);
	(void)buf_append_text(b,
			      language->compiled ? ",\"compiled\":true}" : ",\"compiled\":false}");
}

char *wire_format_languages(const struct hello *hello, const char *engine_name)
{
	struct buf b;

	buf_init(&b, BUF_UNBOUNDED);
	put_text(&b, "{\"engine\":{\"name\":", engine_name);
	(void)buf_append_text(&b, ",\"version\":\"" KILN_VERSION "\"},\"languages\":[");
	for (unsigned i = 0; i < hello->languages_count; i++) {
		(void)buf_append_text(&b, i == 0 ? "" : ",");
		put_language(&b, &hello->languages[i]);
	}
	(void)buf_append_text(&b, "]}");
	return buf_take_text(&b);
}
