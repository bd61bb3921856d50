/* stash: modules that are loaded before a program imports them.
 *
 * They are kept out of sys.modules. When the program imports one, it and all that it imports in its
 * turn go into sys.modules, in the order in which they would have come there; their code, which has
 * run already, does not run again. A program that could tell the difference gets the import as it
 * always was: when sys.path, sys.meta_path or sys.path_hooks are not as they were at the start, or
 * when the program's own folder has a file of the name of a module that would come. */
#ifndef KILN_PYTHON_STASH_H
#define KILN_PYTHON_STASH_H

/* Loads them. 0, or -1 when the interpreter is not the one that this was written for. */
int stash_fill(void);

/* In each child. */
void stash_after_fork(void);

#endif
