/* http: one request to the daemon and its answer, over libcurl.
 *
 * Internal to docker/. The other files describe a call; this one speaks to the socket, negotiates
 * the version, bounds time and size, and turns what went wrong into the errors of docker.h. */
#ifndef KILN_DOCKER_HTTP_H
#define KILN_DOCKER_HTTP_H

#include "base/buf.h"
#include "docker/answer.h"
#include "docker/docker.h"
#include "docker/json.h"

#include <curl/curl.h>

#define DOCKER_BODY_MAX ((size_t)8 * 1024 * 1024)
#define DOCKER_SOCKET_PATH_BYTES 108 /* of sockaddr_un, its NUL included */

struct docker {
	CURL *easy; /* keeps the connection */
	struct curl_slist *headers;
	char socket_path[DOCKER_SOCKET_PATH_BYTES];
	char api[16]; /* the version spoken; empty until it is negotiated */
	int query_ms;  /* how long a question may take */
	int change_ms; /* how long the making, starting or ending of a container may take */
	struct buf body;      /* of the last answer */
	int body_result;      /* why it was refused: 0 or a negative errno */
	char complaint[CURL_ERROR_SIZE];
};

struct docker_request {
	const char *method; /* "GET", "POST", "DELETE" */
	const char *path;   /* begins with a slash, escaped */
	const char *body;   /* NULL: none */
	int timeout_ms;     /* 0: none */
	bool unversioned;   /* for the negotiation itself */
	bool once;          /* a second of it would do something else than the first */
};

/* Options that a connection to the socket needs, whatever is sent over it. 0 or -ENOMEM. */
int docker_http_connects(const struct docker *docker, CURL *easy, struct err *err);

/* Sets docker->easy up for a request. 0 or -ENOMEM. */
int docker_http_prepare(struct docker *docker, const struct docker_request *request,
			struct err *err);

/* What became of docker->easy: the transfer itself, and then the status of its answer. */
int docker_http_result(struct docker *docker, CURLcode code, struct err *err);
int docker_http_judge(struct docker *docker, struct err *err);

/* The error of docker.h for a status that is not a success, and its text from the body. Forgets
 * the version when it is what the daemon complains of. */
int docker_http_refusal(struct docker *docker, long status, const void *body, size_t length,
			struct err *err);

/* Appends bytes to the body of the answer: a CURLOPT_WRITEFUNCTION. */
size_t docker_http_take_body(char *data, size_t size, size_t count, void *arg);

/* Chooses the version from the answer to GET /version in the body. */
int docker_http_choose_version(struct docker *docker, struct docker_version *ret_version,
			       struct err *err);

/* Asks for the daemon's versions and chooses one. */
int docker_http_ask_version(struct docker *docker, struct docker_version *ret_version,
			    struct err *err);

/* Makes sure that a version is chosen. */
int docker_http_negotiate(struct docker *docker, struct err *err);

/* The whole of it: version, request, answer. An idempotent request is sent again once when its
 * connection breaks, any request when the daemon took the version for wrong. The answer's JSON
 * goes to *ret_answer, to be json_decref'd; a NULL ret_answer wants none. */
int docker_http_call(struct docker *docker, const struct docker_request *request,
		     json_t **ret_answer, struct err *err);

/* Appends text, escaped for a URL. Failures stick to the buffer. */
void docker_http_escape(struct docker *docker, struct buf *path, const char *text);

/* Appends a `filters` parameter: label=value and, unless it is NULL, the type of object. */
void docker_http_filter(struct docker *docker, struct buf *path, const char *type,
			const char *label, const char *value);

/* … any: an object of lists. NULL sticks to the buffer as a failure. */
void docker_http_filters(struct docker *docker, struct buf *path, const json_t *filters);

/* Ends the path with a NUL. NULL when it has failed. */
const char *docker_http_path(struct buf *path, struct err *err);

#endif
