#include "broker/internal.h"

#include "config/config.h"
#include "log/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define CONNECT_PATIENCE_MS 2000
#define RECONNECT_WAIT_MS 250
#define RECONNECT_JITTER_MS 250
/* A server that vanished without a word is noticed after two of these. */
#define PING_INTERVAL_MS 10000
/* nats.c before 3.8 can block for ever in a write to a server that stopped reading. */
#define WRITE_PATIENCE_MS 5000

static void log_url(const char *message, natsConnection *connection)
{
	char url[256];

	/* As the server is known by, without the user and password of the configured URL. */
	if (natsConnection_GetConnectedUrl(connection, url, sizeof(url)) == NATS_OK) {
		const char *at = strrchr(url, '@');

		log_info(message, log_text("server", at == NULL ? url : at + 1));
	} else {
		log_info(message);
	}
}

static void on_connected(natsConnection *connection, void *closure)
{
	(void)closure;
	log_url("connected to NATS", connection);
}

static void on_reconnected(natsConnection *connection, void *closure)
{
	(void)closure;
	log_url("connected to NATS again", connection);
}

static bool is_closing(struct broker *broker)
{
	bool closing;

	mutex_lock(&broker->lock);
	closing = broker->closing;
	mutex_unlock(&broker->lock);
	return closing;
}

static void on_disconnected(natsConnection *connection, void *closure)
{
	(void)connection;
	if (!is_closing(closure))
		log_warn("the connection to NATS is lost; connecting again");
}

/* Only a server that refuses the credentials twice ends a connection that may retry for ever. */
static void on_closed(natsConnection *connection, void *closure)
{
	struct broker *broker = closure;
	const char *why = NULL;

	(void)natsConnection_GetLastError(connection, &why);
	mutex_lock(&broker->lock);
	if (!broker->closing)
		(void)snprintf(broker->failure, sizeof(broker->failure), "%s",
			       why == NULL || why[0] == '\0' ? "closed by the server" : why);
	mutex_unlock(&broker->lock);
}

static void on_error(natsConnection *connection, natsSubscription *subscription, natsStatus status,
		     void *closure)
{
	(void)connection;
	(void)subscription;
	if (!is_closing(closure))
		log_warn("NATS error", log_text("error", natsStatus_GetText(status)));
}

static natsStatus set_servers(natsOptions *options, const char *urls)
{
	char text[2048];
	const char *servers[16];
	int count = 0;
	char *rest = text;

	(void)snprintf(text, sizeof(text), "%s", urls);
	for (char *url = strsep(&rest, ","); url != NULL && count < 16; url = strsep(&rest, ",")) {
		url += strspn(url, " ");
		if (*url != '\0')
			servers[count++] = url;
	}
	return natsOptions_SetServers(options, servers, count);
}

static natsStatus set_credentials(natsOptions *options, const struct config *config)
{
	natsStatus status = NATS_OK;

	if (config->nats_user != NULL)
		status = natsOptions_SetUserInfo(options, config->nats_user,
						 config->nats_password == NULL
							 ? ""
							 : config->nats_password);
	if (status == NATS_OK && config->nats_token != NULL)
		status = natsOptions_SetToken(options, config->nats_token);
	if (status == NATS_OK && config->nats_credentials_file != NULL)
		status = natsOptions_SetUserCredentialsFromFiles(
			options, config->nats_credentials_file, NULL);
	return status;
}

static natsStatus set_tls(natsOptions *options, const struct config *config)
{
	natsStatus status = NATS_OK;

	if (config->nats_tls || config->nats_tls_ca_file != NULL ||
	    config->nats_tls_cert_file != NULL)
		status = natsOptions_SetSecure(options, true);
	if (status == NATS_OK && config->nats_tls_ca_file != NULL)
		status = natsOptions_LoadCATrustedCertificates(options, config->nats_tls_ca_file);
	if (status == NATS_OK && config->nats_tls_cert_file != NULL)
		status = natsOptions_LoadCertificatesChain(options, config->nats_tls_cert_file,
							   config->nats_tls_key_file);
	return status;
}

static natsStatus set_patience(natsOptions *options, const struct config *config)
{
	natsStatus status = natsOptions_SetTimeout(options, CONNECT_PATIENCE_MS);

	if (status == NATS_OK)
		status = natsOptions_SetMaxReconnect(options, -1);
	if (status == NATS_OK)
		status = natsOptions_SetReconnectWait(options, RECONNECT_WAIT_MS);
	if (status == NATS_OK)
		status = natsOptions_SetReconnectJitter(options, RECONNECT_JITTER_MS,
							RECONNECT_JITTER_MS);
	if (status == NATS_OK)
		status = natsOptions_SetReconnectBufSize(options, (int)config->nats_buffer_bytes);
	if (status == NATS_OK)
		status = natsOptions_SetPingInterval(options, PING_INTERVAL_MS);
	if (status == NATS_OK)
		status = natsOptions_SetWriteDeadline(options, WRITE_PATIENCE_MS);
	/* Without it the flusher waits a millisecond for more: that is on every reply's path. */
	if (status == NATS_OK)
		status = natsOptions_SetSendAsap(options, true);
	return status;
}

static natsStatus set_callbacks(natsOptions *options, struct broker *broker)
{
	natsStatus status = natsOptions_SetDisconnectedCB(options, on_disconnected, broker);

	if (status == NATS_OK)
		status = natsOptions_SetReconnectedCB(options, on_reconnected, broker);
	if (status == NATS_OK)
		status = natsOptions_SetClosedCB(options, on_closed, broker);
	if (status == NATS_OK)
		status = natsOptions_SetErrorHandler(options, on_error, broker);
	return status;
}

static natsStatus set_nkey(natsOptions *options, const struct config *config)
{
	if (config->nats_nkey_seed_file == NULL)
		return NATS_OK;
	return natsOptions_SetNKeyFromSeed(options, config->nats_nkey,
					   config->nats_nkey_seed_file);
}

static natsStatus make_options(natsOptions **ret_options, const struct config *config,
			       struct broker *broker)
{
	natsOptions *options = NULL;
	natsStatus status = natsOptions_Create(&options);

	if (status == NATS_OK)
		status = set_servers(options, config->nats_url);
	if (status == NATS_OK)
		status = natsOptions_SetName(options, "kilnd");
	if (status == NATS_OK)
		status = set_credentials(options, config);
	if (status == NATS_OK)
		status = set_nkey(options, config);
	if (status == NATS_OK)
		status = set_tls(options, config);
	if (status == NATS_OK)
		status = set_patience(options, config);
	if (status == NATS_OK)
		status = set_callbacks(options, broker);
	*ret_options = options;
	return status;
}

/* nats.c tells why it failed only where it does not go on trying. A server that is not there may
 * come; one that refuses these credentials will go on refusing them. */
static natsStatus connect_or_wait(struct broker *broker, natsOptions *options)
{
	natsStatus status = natsConnection_Connect(&broker->connection, options);

	if (status == NATS_OK || status == NATS_CONNECTION_AUTH_FAILED)
		return status;
	log_warn("no NATS server can be reached yet; connecting until one can",
		 log_text("error", natsStatus_GetText(status)));
	status = natsOptions_SetRetryOnFailedConnect(options, true, on_connected, broker);
	if (status == NATS_OK)
		status = natsConnection_Connect(&broker->connection, options);
	return status;
}

int broker_connect(struct broker *broker, struct err *err)
{
	natsOptions *options = NULL;
	natsStatus status = make_options(&options, broker->config, broker);

	if (status == NATS_OK)
		status = connect_or_wait(broker, options);
	natsOptions_Destroy(options);
	if (status == NATS_NOT_YET_CONNECTED)
		return 0;
	if (status == NATS_CONNECTION_AUTH_FAILED)
		return err_set(err, -EACCES, "NATS: authorization failed: check the variables "
					     "that begin with KILN_NATS_, and NATSURL");
	if (status != NATS_OK)
		return err_set(err, -ECONNREFUSED, "NATS: %s", natsStatus_GetText(status));
	log_url("connected to NATS", broker->connection);
	return 0;
}
