/* prefault: the pages that a program is going to write to anyway, copied before it starts.
 *
 * A forked child shares all memory with the zygote until it writes, and then takes a fault of some
 * two microseconds for each page: eight hundred of them for the shortest program, counting the
 * interpreter's shutdown. Which they are hardly depends on the program, so one child rehearses with
 * a program of ours, and those after it touch the same pages while they wait for their job. */
#ifndef KILN_PYTHON_PREFAULT_H
#define KILN_PYTHON_PREFAULT_H

/* In the child that has rehearsed: which pages are its own by now. */
void prefault_report(int fd);
/* In the zygote: takes the report. */
void prefault_learn(int fd);
/* In each child. */
void prefault_touch(void);

#endif
