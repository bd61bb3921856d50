/* The shutdown of the interpreter, cut short where no code of the program can run any more.
 *
 * Py_FinalizeEx() waits for threads, runs what atexit holds, empties the modules, collects garbage
 * and flushes the streams; and then frees the interpreter itself, type by type, which takes as long
 * as all of that together and touches every page of it, only for the process to end. The linker
 * (--wrap) leads the calls between CPython's files through here: where the freeing would begin,
 * Py_FinalizeEx() returns what it would have returned. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "shutdown.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

int __real_Py_FinalizeEx(void);
int __wrap_Py_FinalizeEx(void);
_Noreturn void __wrap_Py_Exit(int status);
void __real__PyInterpreterState_Clear(PyThreadState *thread);
void __wrap__PyInterpreterState_Clear(PyThreadState *thread);
void __real_PyErr_WriteUnraisable(PyObject *object);
void __wrap_PyErr_WriteUnraisable(PyObject *object);

static jmp_buf end_of_finalization;
static bool is_finalizing;
static bool stdout_failed;
static PyObject *error_stream;

_Noreturn void shutdown_exit(int status)
{
	(void)fflush(NULL); /* what was written by way of ctypes */
	_exit(status);
}

/* flush_std_files() says nothing of an error of sys.stderr, but fails by it; what could not be
 * written then cannot be written now. */
static bool is_stuck(PyObject *stream)
{
	PyObject *closed, *answer;
	bool is_open;

	if (stream == NULL || stream == Py_None)
		return false;
	closed = PyObject_GetAttrString(stream, "closed");
	is_open = closed == Py_False;
	Py_XDECREF(closed);
	answer = is_open ? PyObject_CallMethod(stream, "flush", NULL) : NULL;
	PyErr_Clear();
	return is_open && answer == NULL;
}

int __wrap_Py_FinalizeEx(void)
{
	if (setjmp(end_of_finalization) == 0) {
		error_stream = Py_XNewRef(PySys_GetObject("stderr"));
		is_finalizing = true;
		return __real_Py_FinalizeEx();
	}
	return stdout_failed || is_stuck(error_stream) ? -1 : 0;
}

/* As in pylifecycle.c, which would call its own Py_FinalizeEx(). */
_Noreturn void __wrap_Py_Exit(int status)
{
	if (__wrap_Py_FinalizeEx() < 0)
		status = 120;
	shutdown_exit(status);
}

/* The last thing that Py_FinalizeEx() does, but for freeing the interpreter's own memory. For a
 * subinterpreter it goes on. */
void __wrap__PyInterpreterState_Clear(PyThreadState *thread)
{
	if (is_finalizing && PyThreadState_GetInterpreter(thread) == PyInterpreterState_Main())
		longjmp(end_of_finalization, 1);
	__real__PyInterpreterState_Clear(thread);
}

/* flush_std_files() of pylifecycle.c reports sys.stdout so when it cannot be flushed, which makes
 * the status of Py_FinalizeEx() -1, and the exit status of the process 120. */
void __wrap_PyErr_WriteUnraisable(PyObject *object)
{
	if (is_finalizing && object != NULL && object == PySys_GetObject("stdout"))
		stdout_failed = true;
	__real_PyErr_WriteUnraisable(object);
}
