/* commands: the entry of each command; client.c lists them. See struct client_command. */
#ifndef KILN_CLIENT_COMMANDS_H
#define KILN_CLIENT_COMMANDS_H

int client_run(int argc, char **argv);
int client_languages(int argc, char **argv);
int client_doctor(int argc, char **argv);
int client_bench(int argc, char **argv);

#endif
