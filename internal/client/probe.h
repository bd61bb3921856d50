/* probe: why a server cannot be reached; nats.c says only that it cannot. */
#ifndef KILN_CLIENT_PROBE_H
#define KILN_CLIENT_PROBE_H

#include <stddef.h>

/* Tries a TCP connection to the first server of the list for at most two seconds, and writes the
 * reason: "connection refused", "name or service not known", …. */
void probe_server(const char *urls, char *reason, size_t size);

/* Takes the host and the port out of the first URL of a list; 4222 where it names none.
 * 0, or -EINVAL when there is no host or when it is too long. */
int probe_parse_url(const char *urls, char *host, size_t host_size, char *port, size_t port_size);

#endif
