#include "client/probe.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/io.h"

#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define DEFAULT_PORT "4222"
#define PROBE_MS 2000

static int copy_part(const char *part, size_t length, char *text, size_t size)
{
	if (length == 0 || length >= size)
		return -EINVAL;
	memcpy(text, part, length);
	text[length] = '\0';
	return 0;
}

int probe_parse_url(const char *urls, char *host, size_t host_size, char *port, size_t port_size)
{
	const char *start = strstr(urls, "://");
	const char *login, *end;
	size_t length;

	start = start == NULL ? urls : start + 3;
	length = strcspn(start, ",");
	login = memrchr(start, '@', length);
	if (login != NULL) {
		length -= (size_t)(login + 1 - start);
		start = login + 1;
	}
	if (*start == '[') {
		start++;
		end = memchr(start, ']', length);
		if (end == NULL)
			return -EINVAL;
		length = (size_t)(end - start);
		end++;
	} else {
		length = strcspn(start, ":/, ");
		end = start + length;
	}
	if (copy_part(start, length, host, host_size) < 0)
		return -EINVAL;
	if (*end != ':')
		return copy_part(DEFAULT_PORT, strlen(DEFAULT_PORT), port, port_size);
	return copy_part(end + 1, strspn(end + 1, "0123456789"), port, port_size);
}

static int try_address(const struct addrinfo *address)
{
	auto_close int fd =
		socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	socklen_t size = sizeof(int);
	int result, failure = 0;

	if (fd < 0)
		return -errno;
	if (connect(fd, address->ai_addr, address->ai_addrlen) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return -errno;
	result = io_wait(fd, POLLOUT, clock_after_ms(PROBE_MS));
	if (result == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size) < 0)
		return -errno;
	return result < 0 ? result : -failure;
}

/* System messages begin with a capital; this one stands inside a sentence. */
static void set_reason(const char *text, char *reason, size_t size)
{
	(void)snprintf(reason, size, "%s", text);
	reason[0] = (char)tolower((unsigned char)reason[0]);
}

void probe_server(const char *urls, char *reason, size_t size)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *addresses = NULL;
	char host[256], port[8];
	int result;

	if (probe_parse_url(urls, host, sizeof(host), port, sizeof(port)) < 0) {
		set_reason("the URL names no host", reason, size);
		return;
	}
	result = getaddrinfo(host, port, &hints, &addresses);
	if (result != 0) {
		set_reason(gai_strerror(result), reason, size);
		return;
	}
	result = try_address(addresses);
	freeaddrinfo(addresses);
	if (result == 0)
		set_reason("what listens there does not answer as NATS does", reason, size);
	else
		set_reason(strerror(-result), reason, size);
}
