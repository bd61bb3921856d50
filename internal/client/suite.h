/* suite: `kiln bench --suite`. Returns an exit status (client.h). */
#ifndef KILN_CLIENT_SUITE_H
#define KILN_CLIENT_SUITE_H

int suite_run(int argc, char **argv);

#endif
