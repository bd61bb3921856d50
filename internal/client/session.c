#include "client/session.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "client/probe.h"

#include <errno.h>
#include <nats/nats.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_TIMEOUT_MS 5000
#define SERVERS_MAX 32
#define URL_BYTES 160
#define PROBLEMS_BYTES_MAX 65536
#define SUBJECT_BYTES_MAX 256

struct session {
	natsConnection *connection;
};

/* A password may hold '/', ',' or '@' that nobody escaped, so all from the scheme to the last '@'
 * before the next scheme counts as the login. */
static const char *login_end(const char *start)
{
	const char *next = strstr(start, "://");
	const char *end = NULL;

	for (const char *at = strchr(start, '@'); at != NULL && (next == NULL || at < next);
	     at = strchr(at + 1, '@'))
		end = at;
	return end;
}

static void append_part(char *text, size_t size, const char *part, size_t length)
{
	size_t used = strlen(text);

	if (length > size - 1 - used)
		length = size - 1 - used;
	memcpy(text + used, part, length);
	text[used + length] = '\0';
}

void session_mask_url(const char *url, char *text, size_t size)
{
	const char *start = url;

	text[0] = '\0';
	for (const char *scheme = strstr(url, "://"); scheme != NULL || start == url;
	     scheme = strstr(start, "://")) {
		const char *host = scheme == NULL ? start : scheme + 3;
		const char *end = login_end(host);

		append_part(text, size, start, (size_t)(host - start));
		if (end != NULL)
			append_part(text, size, "***", 3);
		start = end == NULL ? host : end;
		if (scheme == NULL)
			break;
	}
	append_part(text, size, start, strlen(start));
}

struct config *session_config(const char *server)
{
	auto_buf struct buf problems;
	struct config *config;
	char *text;

	buf_init(&problems, PROBLEMS_BYTES_MAX);
	/* So that it is checked as the variable is, and decides about TLS. No thread runs yet. */
	if (server != NULL && setenv("NATSURL", server, 1) < 0) {
		(void)fprintf(stderr, "kiln: --server: %s\n", strerror(errno));
		return NULL;
	}
	config = config_load(&problems);
	if (config != NULL)
		return config;
	text = buf_take_text(&problems);
	(void)fprintf(stderr, "kiln: the configuration is wrong:\n%s",
		      text != NULL ? text : "out of memory\n");
	free(text);
	return NULL;
}

/* nats.c 3.4 takes a list apart only in natsConnection_ConnectTo, which knows no options. */
static natsStatus set_servers(natsOptions *options, const char *urls)
{
	auto_free char *copy = strdup(urls);
	const char *list[SERVERS_MAX];
	char *rest = copy;
	char *url;
	int count = 0;

	if (copy == NULL)
		return NATS_NO_MEMORY;
	while ((url = strsep(&rest, ",")) != NULL && count < SERVERS_MAX) {
		url += strspn(url, " ");
		if (*url != '\0')
			list[count++] = url;
	}
	if (count == 0)
		return NATS_ADDRESS_MISSING;
	return natsOptions_SetServers(options, list, count);
}

static natsStatus set_login(natsOptions *options, const struct config *config)
{
	natsStatus status = NATS_OK;

	if (config->nats_user != NULL)
		status = natsOptions_SetUserInfo(
			options, config->nats_user,
			config->nats_password != NULL ? config->nats_password : "");
	if (status == NATS_OK && config->nats_token != NULL)
		status = natsOptions_SetToken(options, config->nats_token);
	if (status == NATS_OK && config->nats_credentials_file != NULL)
		status = natsOptions_SetUserCredentialsFromFiles(
			options, config->nats_credentials_file, NULL);
	if (status == NATS_OK && config->nats_nkey_seed_file != NULL)
		status = natsOptions_SetNKeyFromSeed(options, config->nats_nkey,
						     config->nats_nkey_seed_file);
	return status;
}

static natsStatus set_tls(natsOptions *options, const struct config *config)
{
	natsStatus status = NATS_OK;

	if (config->nats_tls)
		status = natsOptions_SetSecure(options, true);
	if (status == NATS_OK && config->nats_tls_ca_file != NULL)
		status = natsOptions_LoadCATrustedCertificates(options, config->nats_tls_ca_file);
	if (status == NATS_OK && config->nats_tls_cert_file != NULL)
		status = natsOptions_LoadCertificatesChain(options, config->nats_tls_cert_file,
							   config->nats_tls_key_file);
	return status;
}

static natsStatus set_options(natsOptions *options, const struct config *config)
{
	natsStatus status = set_servers(options, config->nats_url);

	if (status == NATS_OK)
		status = set_login(options, config);
	if (status == NATS_OK)
		status = set_tls(options, config);
	if (status == NATS_OK)
		status = natsOptions_SetTimeout(options, CONNECT_TIMEOUT_MS);
	if (status == NATS_OK)
		status = natsOptions_SetName(options, "kiln");
	/* The default flusher adds about a millisecond to each request. */
	if (status == NATS_OK)
		status = natsOptions_SetSendAsap(options, true);
	if (status == NATS_OK)
		status = natsOptions_SetAllowReconnect(options, false);
	if (status == NATS_OK)
		status = natsOptions_SetFailRequestsOnDisconnect(options, true);
	return status;
}

static int explain_connect(natsStatus status, const struct config *config, struct err *err)
{
	char url[URL_BYTES], reason[80];
	const char *detail;

	session_mask_url(config->nats_url, url, sizeof(url));
	switch (status) {
	case NATS_NO_SERVER:
	case NATS_TIMEOUT:
		probe_server(config->nats_url, reason, sizeof(reason));
		return err_set(
			err, -ECONNREFUSED,
			"no NATS server at %s (%s). Start one: deploy/up.sh, or set NATSURL.", url,
			reason);
	case NATS_CONNECTION_AUTH_FAILED:
		return err_set(err, -EACCES,
			       "the NATS server at %s refuses the login. Set KILN_NATS_USER and "
			       "KILN_NATS_PASSWORD, or KILN_NATS_TOKEN or KILN_NATS_CREDENTIALS.",
			       url);
	case NATS_SECURE_CONNECTION_REQUIRED:
		return err_set(err, -EPROTO,
			       "the NATS server at %s wants TLS: set KILN_NATS_TLS=true.", url);
	case NATS_SECURE_CONNECTION_WANTED:
		return err_set(err, -EPROTO,
			       "the NATS server at %s has no TLS: use a "
			       "nats:// URL and unset KILN_NATS_TLS.",
			       url);
	default:
		detail = nats_GetLastError(NULL);
		return err_set(err, -EIO, "cannot connect to %s: %s%s%.110s", url,
			       natsStatus_GetText(status), detail != NULL ? ": " : "",
			       detail != NULL ? detail : "");
	}
}

struct session *session_open(const struct config *config, struct err *err)
{
	struct session *session = calloc(1, sizeof(*session));
	natsOptions *options = NULL;
	natsStatus status;

	if (session == NULL) {
		(void)err_set(err, -ENOMEM, "out of memory");
		return NULL;
	}
	status = natsOptions_Create(&options);
	if (status == NATS_OK)
		status = set_options(options, config);
	if (status == NATS_OK)
		status = natsConnection_Connect(&session->connection, options);
	natsOptions_Destroy(options);
	if (status == NATS_OK)
		return session;
	(void)explain_connect(status, config, err);
	free(session);
	return NULL;
}

void session_close(struct session *session)
{
	if (session == NULL)
		return;
	natsConnection_Destroy(session->connection);
	free(session);
}

static int explain_request(natsStatus status, const char *subject, int64_t timeout_ms,
			   struct err *err)
{
	switch (status) {
	case NATS_TIMEOUT:
		return err_set(err, -ETIMEDOUT,
			       "no reply within %.3g s on '%s'; --timeout waits longer.",
			       (double)timeout_ms / 1000, subject);
	case NATS_NO_RESPONDERS:
		return err_set(err, -ENOENT,
			       "no engine listens on '%s': the NATS server is there, but no kilnd "
			       "serves that subject. Start one: deploy/up.sh.",
			       subject);
	case NATS_CONNECTION_CLOSED:
	case NATS_CONNECTION_DISCONNECTED:
		return err_set(err, -EPIPE, "the connection to the NATS server was lost.");
	case NATS_NO_MEMORY:
		return err_set(err, -ENOMEM, "out of memory");
	default:
		return err_set(err, -EIO, "the request on '%s' failed: %s.", subject,
			       natsStatus_GetText(status));
	}
}

/* nats.c 3.4 sends a subject with a space in it as it is, and the server hangs up. */
static bool subject_is_valid(const char *subject)
{
	size_t length = strlen(subject);

	return length > 0 && length <= SUBJECT_BYTES_MAX && strpbrk(subject, " \t\r\n*>") == NULL &&
	       subject[0] != '.' && subject[length - 1] != '.' && strstr(subject, "..") == NULL;
}

int session_request(struct session *session, const char *subject, const char *data, size_t length,
		    int64_t timeout_ms, char **ret_reply, size_t *ret_length, struct err *err)
{
	int64_t payload_max = session_payload_max(session);
	natsMsg *message = NULL;
	natsStatus status;
	size_t reply_length;
	char *reply;

	if (!subject_is_valid(subject))
		return err_set(err, -EINVAL, "'%.80s' is not a subject to send a request to.",
			       subject);
	if ((int64_t)length > payload_max)
		return err_set(
			err, -EMSGSIZE,
			"the request is %zu bytes, but the NATS server takes %lld (max_payload).",
			length, (long long)payload_max);
	status = natsConnection_Request(&message, session->connection, subject, data, (int)length,
					timeout_ms);
	if (status != NATS_OK)
		return explain_request(status, subject, timeout_ms, err);
	reply_length = (size_t)natsMsg_GetDataLength(message);
	reply = malloc(reply_length + 1);
	if (reply != NULL) {
		memcpy(reply, natsMsg_GetData(message), reply_length);
		reply[reply_length] = '\0';
	}
	natsMsg_Destroy(message);
	if (reply == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	*ret_reply = reply;
	*ret_length = reply_length;
	return 0;
}

int session_round_trip(struct session *session, int64_t *ret_ns)
{
	int64_t start = clock_now_ns();

	if (natsConnection_FlushTimeout(session->connection, CONNECT_TIMEOUT_MS) != NATS_OK)
		return -ETIMEDOUT;
	*ret_ns = clock_now_ns() - start;
	return 0;
}

int64_t session_payload_max(struct session *session)
{
	return natsConnection_GetMaxPayload(session->connection);
}
