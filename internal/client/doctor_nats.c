#include "base/cleanup.h"
#include "base/clock.h"
#include "client/doctor.h"
#include "client/listing.h"
#include "client/session.h"

#include <stdlib.h>

#define ENGINE_TIMEOUT_MS 5000
#define MIB (1024.0 * 1024.0)
/* A megabyte on stdout and one on stderr, as base64, and once more in `output`. */
#define PAYLOAD_WANTED (INT64_C(4) << 20)

static void check_payload(struct doctor *doctor, struct session *session)
{
	int64_t payload_max = session_payload_max(session);

	if (payload_max >= PAYLOAD_WANTED) {
		doctor_report(doctor, DOCTOR_OK, "NATS max_payload", "%.1f MiB",
			      (double)payload_max / MIB);
		return;
	}
	doctor_report(doctor, DOCTOR_WARN, "NATS max_payload",
		      "%.1f MiB: a reply with 1 MiB of output does not fit and is cut",
		      (double)payload_max / MIB);
	doctor_advise("set `max_payload: 8MB` in the configuration file of nats-server");
}

static void check_round_trip(struct doctor *doctor, struct session *session)
{
	int64_t best = INT64_MAX;

	for (int i = 0; i < 5; i++) {
		int64_t ns;

		if (session_round_trip(session, &ns) < 0) {
			doctor_report(doctor, DOCTOR_FAIL, "NATS round trip",
				      "a ping is not answered");
			return;
		}
		best = ns < best ? ns : best;
	}
	doctor_report(doctor, DOCTOR_OK, "NATS round trip", "%.2f ms", clock_ms(best));
}

static void check_engine(struct doctor *doctor, struct session *session)
{
	auto_free char *reply = NULL;
	int64_t start = clock_now_ns();
	struct err err = {0};
	char text[128];
	size_t length;
	int result = session_request(session, LISTING_SUBJECT, "{}", 2, ENGINE_TIMEOUT_MS, &reply,
				     &length, &err);

	if (result == 0)
		result = listing_summary(reply, length, text, sizeof(text), &err);
	if (result < 0)
		doctor_report(doctor, DOCTOR_FAIL, "engine", "%s", err.text);
	else
		doctor_report(doctor, DOCTOR_OK, "engine", "%s, answers in %.2f ms", text,
			      clock_ms(clock_now_ns() - start));
}

void doctor_check_nats(struct doctor *doctor, const struct config *config)
{
	struct err err = {0};
	struct session *session = session_open(config, &err);
	char url[160];

	if (session == NULL) {
		doctor_report(doctor, DOCTOR_FAIL, "NATS server", "%s", err.text);
		return;
	}
	session_mask_url(config->nats_url, url, sizeof(url));
	doctor_report(doctor, DOCTOR_OK, "NATS server", "%s", url);
	check_payload(doctor, session);
	check_round_trip(doctor, session);
	check_engine(doctor, session);
	session_close(session);
}
