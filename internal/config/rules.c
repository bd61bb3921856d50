#include "config/rules.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

#define DIGITS "0123456789"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define ALNUM UPPER LOWER DIGITS

#define PORT_DIGITS_MAX 5
#define PORT_MAX 65535

static bool consists_of(const char *text, size_t length, const char *bytes)
{
	return length > 0 && strspn(text, bytes) >= length;
}

static bool is_printable(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	}
	return true;
}

static bool is_label(const char *text)
{
	return consists_of(text, strlen(text), ALNUM "_.-") && strchr("_.-", text[0]) == NULL;
}

/* Of the words between the dots none is empty, and none is a wildcard. Subjects that begin with $
 * or _INBOX belong to the server (https://docs.nats.io/nats-concepts/subjects). */
static bool is_subject(const char *text)
{
	size_t length = strlen(text);

	if (length == 0 || text[0] == '.' || text[length - 1] == '.' || strstr(text, "..") != NULL)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (text[i] <= ' ' || text[i] > '~' || text[i] == '*' || text[i] == '>')
			return false;
	}
	return text[0] != '$' && strncmp(text, "_INBOX", 6) != 0;
}

static bool is_image(const char *text)
{
	return consists_of(text, strlen(text), ALNUM "._/:@-") && strchr("._/:@-", text[0]) == NULL;
}

/* Without "..": the path goes into a bind mount, and into messages. */
static bool is_path(const char *text)
{
	size_t length = strlen(text);

	if (text[0] != '/' || !is_printable(text) || strstr(text, "/../") != NULL)
		return false;
	return length < 3 || strcmp(text + length - 3, "/..") != 0;
}

static bool is_readable(const char *text)
{
	return access(text, R_OK) == 0;
}

/* nkeys: a prefix, 32 bytes and a checksum in base32. */
static bool is_nkey(const char *text)
{
	return text[0] == 'U' && strlen(text) == 56 && consists_of(text, 56, UPPER "234567");
}

static bool is_port(const char *text, size_t length)
{
	unsigned port = 0;

	if (length > PORT_DIGITS_MAX || !consists_of(text, length, DIGITS))
		return false;
	for (size_t i = 0; i < length; i++)
		port = 10 * port + (unsigned)(text[i] - '0');
	return port >= 1 && port <= PORT_MAX;
}

/* "host", "host:port", "[address]:port". */
static bool is_host(const char *text, size_t length)
{
	const char *colon = NULL;
	size_t name = length;

	if (text[0] == '[') {
		const char *bracket = memchr(text, ']', length);

		if (bracket == NULL ||
		    !consists_of(text + 1, (size_t)(bracket - text) - 1, "abcdefABCDEF:." DIGITS))
			return false;
		name = (size_t)(bracket - text) + 1;
		if (name == length)
			return true;
		colon = text[name] == ':' ? text + name : NULL;
	} else {
		colon = memchr(text, ':', length);
		name = colon == NULL ? length : (size_t)(colon - text);
		if (!consists_of(text, name, ALNUM "_.-"))
			return false;
		if (colon == NULL)
			return true;
	}
	return colon != NULL && is_port(colon + 1, length - name - 1);
}

/* "[nats:// or tls://][user:password@]host[:port][/]" */
static bool is_url(const char *text, size_t length)
{
	static const char *const schemes[] = {"nats://", "tls://"};
	const char *at;

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t scheme = strlen(schemes[i]);

		if (length > scheme && strncasecmp(text, schemes[i], scheme) == 0) {
			text += scheme;
			length -= scheme;
			break;
		}
	}
	if (length > 1 && text[length - 1] == '/')
		length--;
	at = memrchr(text, '@', length);
	if (at != NULL) {
		length -= (size_t)(at - text) + 1;
		text = at + 1;
	}
	return length > 0 && is_host(text, length);
}

static bool is_url_list(const char *text)
{
	if (!is_printable(text) || strchr(text, ' ') != NULL)
		return false;
	for (;;) {
		size_t length = strcspn(text, ",");

		if (!is_url(text, length))
			return false;
		if (text[length] == '\0')
			return true;
		text += length + 1;
	}
}

struct rule {
	bool (*allows)(const char *text);
	const char *text;
};

static const struct rule rules[] = {
	[OPTION_TEXT] = {is_printable, "printable text"},
	[OPTION_LABEL] = {is_label, "letters, digits and, but for the first byte, '_', '.', '-'"},
	[OPTION_SUBJECT] = {is_subject, "words with dots between them, without blanks, * and >"},
	[OPTION_IMAGE] = {is_image, "an image's name, such as kiln/worker:latest"},
	[OPTION_PATH] = {is_path, "an absolute path without '..'"},
	[OPTION_FILE] = {is_readable, "the path of a file that can be read"},
	[OPTION_URLS] = {is_url_list, "nats:// or tls://[user:password@]host[:port], or several "
				      "with commas"},
	[OPTION_NKEY] = {is_nkey, "a user's public key: U and 55 letters or digits of base32"},
};

bool rule_allows(enum option_kind kind, const char *text)
{
	return rules[kind].allows(text);
}

const char *rule_text(enum option_kind kind)
{
	return rules[kind].text;
}
