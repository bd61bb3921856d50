/* open: makes a channel of a connected descriptor. Internal to channel/. */
#ifndef KILN_CHANNEL_OPEN_H
#define KILN_CHANNEL_OPEN_H

#include "base/err.h"

#include <stdbool.h>

struct channel;

/* Takes *fd, non-blocking, and sets it to -1 on success. `multiplexed` says that what is read is
 * Docker's multiplexed stdio. 0 or -ENOMEM. */
int channel_open(int *fd, bool multiplexed, struct channel **ret_channel, struct err *err);

#endif
