#include "frame/hello.h"

#include "frame/cursor.h"
#include "frame/frame.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

const struct language *hello_find(const struct hello *hello, const char *name_or_alias)
{
	for (unsigned i = 0; i < hello->languages_count; i++) {
		const struct language *language = &hello->languages[i];

		if (strcasecmp(language->name, name_or_alias) == 0)
			return language;
		for (unsigned j = 0; j < language->aliases_count; j++) {
			if (strcasecmp(language->aliases[j], name_or_alias) == 0)
				return language;
		}
	}
	return NULL;
}

static void put_text(struct buf *b, const char *text)
{
	put_bytes(b, text, strlen(text));
}

/* Printable ASCII alone: these texts go to logs, replies and terminals. */
static void get_text(struct cursor *c, char *text, size_t size)
{
	size_t length;
	const uint8_t *data = cursor_bytes(c, &length);

	if (c->failed || length >= size) {
		c->failed = true;
		text[0] = '\0';
		return;
	}
	for (size_t i = 0; i < length; i++) {
		if (data[i] < 0x20 || data[i] > 0x7e)
			c->failed = true;
		text[i] = (char)data[i];
	}
	text[length] = '\0';
}

void hello_encode(struct buf *b, const struct hello *hello)
{
	size_t begin = frame_begin(b, FRAME_HELLO);

	put_number(b, hello->protocol, 4);
	put_text(b, hello->version);
	put_number(b, hello->walls, 4);
	put_number(b, hello->languages_count, 4);
	for (unsigned i = 0; i < hello->languages_count; i++) {
		const struct language *language = &hello->languages[i];

		put_text(b, language->name);
		put_text(b, language->version);
		put_text(b, language->file);
		put_number(b, language->judge0_id, 4);
		put_number(b, language->compiled, 1);
		put_number(b, language->warm, 1);
		put_number(b, language->aliases_count, 4);
		for (unsigned j = 0; j < language->aliases_count; j++)
			put_text(b, language->aliases[j]);
	}
	frame_end(b, begin);
}

static void decode_language(struct language *language, struct cursor *c)
{
	uint32_t aliases;

	get_text(c, language->name, sizeof(language->name));
	get_text(c, language->version, sizeof(language->version));
	get_text(c, language->file, sizeof(language->file));
	language->judge0_id = cursor_u32(c);
	language->compiled = cursor_u8(c) != 0;
	language->warm = cursor_u8(c) != 0;
	aliases = cursor_u32(c);
	if (aliases > LANGUAGE_ALIASES_MAX || language->name[0] == '\0')
		c->failed = true;
	for (uint32_t i = 0; i < aliases && !c->failed; i++)
		get_text(c, language->aliases[i], sizeof(language->aliases[i]));
	language->aliases_count = c->failed ? 0 : aliases;
}

int hello_decode(struct hello *hello, const uint8_t *payload, size_t length)
{
	struct cursor c = {.next = payload, .left = length};
	uint32_t languages;

	*hello = (struct hello){0};
	hello->protocol = cursor_u32(&c);
	get_text(&c, hello->version, sizeof(hello->version));
	if (c.failed)
		return -EBADMSG;
	if (hello->protocol != FRAME_PROTOCOL)
		return -EPROTO;
	hello->walls = cursor_u32(&c);
	languages = cursor_u32(&c);
	if (languages > LANGUAGES_MAX)
		return -EBADMSG;
	for (uint32_t i = 0; i < languages && !c.failed; i++)
		decode_language(&hello->languages[i], &c);
	if (!cursor_is_complete(&c))
		return -EBADMSG;
	hello->languages_count = languages;
	return 0;
}
