#define PY_SSIZE_T_CLEAN
#define Py_BUILD_CORE 1 /* for the interpreter's audit hooks */
#include <Python.h>
#include <internal/pycore_interp.h>

#include "stash.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* A line for each module: its name, and then the names that a fresh interpreter has in sys.modules
 * after importing it that it had not before, in their order. Made by closures.py when the image is
 * built. */
#define CLOSURES_FILE "/opt/kiln/languages/python/closures"
#define LINE_BYTES_MAX 8192

static struct {
	PyObject *modules;  /* name -> module; what the program has not imported yet */
	PyObject *closures; /* name -> tuple of names */
	PyObject *detached; /* set of dotted names that are no attribute of their package now */
	PyObject *original; /* importlib._bootstrap._find_and_load */
	PyObject *import;   /* builtins.__import__ */
	PyObject *path;     /* tuples: what these lists of sys held at the start */
	PyObject *meta_path;
	PyObject *path_hooks;
} stash;

/* ------------------------------------------------------------------ may it be used? */

/* Whether sys.<name> is a list of these very objects, from its item `first` on. */
static bool is_unchanged(const char *name, PyObject *before, Py_ssize_t first)
{
	PyObject *now = PySys_GetObject(name);
	Py_ssize_t count = PyTuple_GET_SIZE(before);

	if (now == NULL || !PyList_CheckExact(now) || PyList_GET_SIZE(now) != count + first)
		return false;
	for (Py_ssize_t i = 0; i < count; i++) {
		if (PyList_GET_ITEM(now, first + i) != PyTuple_GET_ITEM(before, i))
			return false;
	}
	return true;
}

/* A tracer, a profiler or an audit hook would see the modules' code run. */
static bool is_watched(void)
{
	const PyThreadState *thread = PyThreadState_Get();

	return thread->c_tracefunc != NULL || thread->c_profilefunc != NULL ||
	       PyInterpreterState_Get()->audit_hooks != NULL;
}

static bool has_own_import(void)
{
	return PyDict_GetItemString(PyEval_GetBuiltins(), "__import__") != stash.import;
}

/* Whether an entry of the program's folder, random.py or json/, stands for one of these modules. */
static bool stands_for_any(const char *entry, PyObject *closure)
{
	size_t length = strcspn(entry, ".");

	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(closure); i++) {
		const char *name = PyUnicode_AsUTF8(PyTuple_GET_ITEM(closure, i));

		if (name == NULL)
			PyErr_Clear();
		else if (strcspn(name, ".") == length && memcmp(name, entry, length) == 0)
			return true;
	}
	return false;
}

/* sys.path begins with the folder of the program, which Python looks through first. */
static bool is_shadowed(PyObject *closure)
{
	PyObject *first = PyList_GET_ITEM(PySys_GetObject("path"), 0);
	const char *folder_name = PyUnicode_Check(first) ? PyUnicode_AsUTF8(first) : NULL;
	DIR *folder = folder_name == NULL ? NULL : opendir(folder_name);
	const struct dirent *entry;
	bool shadowed = false;

	if (folder == NULL) {
		PyErr_Clear();
		return true;
	}
	while (!shadowed && (entry = readdir(folder)) != NULL)
		shadowed = stands_for_any(entry->d_name, closure);
	(void)closedir(folder);
	return shadowed;
}

/* Each is in the stash, or in sys.modules already. */
static bool is_complete(PyObject *closure)
{
	PyObject *loaded = PyImport_GetModuleDict();

	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(closure); i++) {
		PyObject *name = PyTuple_GET_ITEM(closure, i);

		if (PyDict_GetItem(loaded, name) == NULL &&
		    PyDict_GetItem(stash.modules, name) == NULL)
			return false;
	}
	return true;
}

static PyObject *usable_closure(PyObject *name)
{
	PyObject *closure;

	/* None in sys.modules forbids an import. */
	if (!PyUnicode_CheckExact(name) || PyDict_GetItem(stash.modules, name) == NULL ||
	    PyDict_GetItem(PyImport_GetModuleDict(), name) != NULL)
		return NULL;
	closure = PyDict_GetItem(stash.closures, name);
	if (closure == NULL || is_watched() || has_own_import() ||
	    !is_unchanged("path", stash.path, 1) ||
	    !is_unchanged("meta_path", stash.meta_path, 0) ||
	    !is_unchanged("path_hooks", stash.path_hooks, 0) || is_shadowed(closure) ||
	    !is_complete(closure))
		return NULL;
	return closure;
}

/* ------------------------------------------------------------------ attributes of packages */

static PyObject *parent_of(PyObject *name, PyObject **ret_child)
{
	Py_ssize_t length = PyUnicode_GET_LENGTH(name);
	Py_ssize_t dot = PyUnicode_FindChar(name, '.', 0, length, -1);

	if (dot < 0)
		return NULL;
	*ret_child = PyUnicode_Substring(name, dot + 1, length);
	return PyUnicode_Substring(name, 0, dot);
}

static PyObject *find_module(PyObject *name)
{
	PyObject *module = PyDict_GetItem(PyImport_GetModuleDict(), name);

	return module != NULL ? module : PyDict_GetItem(stash.modules, name);
}

/* Sets, or with a NULL module deletes, the attribute of its package that a submodule is. */
static int attach(PyObject *name, PyObject *module)
{
	PyObject *child = NULL;
	PyObject *parent = parent_of(name, &child);
	PyObject *package = parent == NULL ? NULL : find_module(parent);
	int result = 0;

	if (package != NULL && child != NULL)
		result = PyObject_SetAttr(package, child, module);
	Py_XDECREF(parent);
	Py_XDECREF(child);
	return result;
}

/* ------------------------------------------------------------------ an import */

static int restore_one(PyObject *name)
{
	PyObject *loaded = PyImport_GetModuleDict();
	PyObject *module = PyDict_GetItem(stash.modules, name);
	int result;

	if (module == NULL || PyDict_GetItem(loaded, name) != NULL)
		return 0;
	result = PyDict_SetItem(loaded, name, module);
	if (result == 0 && PySet_Contains(stash.detached, name) == 1)
		result = attach(name, module);
	/* Imported again after a deletion, it is another module. */
	if (result == 0)
		result = PyDict_DelItem(stash.modules, name);
	return result;
}

static PyObject *find_and_load(PyObject *Py_UNUSED(self), PyObject *args)
{
	PyObject *name, *import, *closure;

	if (!PyArg_ParseTuple(args, "OO:_find_and_load", &name, &import))
		return NULL;
	closure = usable_closure(name);
	if (closure == NULL)
		return PyObject_Call(stash.original, args, NULL);
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(closure); i++) {
		if (restore_one(PyTuple_GET_ITEM(closure, i)) < 0)
			return NULL;
	}
	return Py_XNewRef(PyDict_GetItem(PyImport_GetModuleDict(), name));
}

static PyMethodDef find_and_load_method = {"_find_and_load", find_and_load, METH_VARARGS, NULL};

/* ------------------------------------------------------------------ filling it */

static int read_closure(char *line)
{
	PyObject *names = PyList_New(0);
	PyObject *closure = NULL;
	char *state = NULL;
	int result = names == NULL ? -1 : 0;

	for (char *word = strtok_r(line, " \n", &state); word != NULL && result == 0;
	     word = strtok_r(NULL, " \n", &state)) {
		PyObject *name = PyUnicode_InternFromString(word);

		result = name == NULL ? -1 : PyList_Append(names, name);
		Py_XDECREF(name);
	}
	if (result == 0 && PyList_GET_SIZE(names) > 1) {
		PyObject *name = Py_NewRef(PyList_GET_ITEM(names, 0));

		result = PyList_SetSlice(names, 0, 1, NULL);
		closure = PyList_AsTuple(names);
		if (result == 0)
			result = closure == NULL ? -1
						 : PyDict_SetItem(stash.closures, name, closure);
		Py_DECREF(name);
	}
	Py_XDECREF(closure);
	Py_XDECREF(names);
	return result;
}

static int read_closures(void)
{
	static char line[LINE_BYTES_MAX];
	FILE *file = fopen(CLOSURES_FILE, "re");
	int result = 0;

	while (file != NULL && result == 0 && fgets(line, sizeof(line), file) != NULL)
		result = read_closure(line);
	if (file == NULL)
		return -1;
	(void)fclose(file);
	return result;
}

static int import_all(void)
{
	PyObject *name, *closure;
	Py_ssize_t position = 0;

	while (PyDict_Next(stash.closures, &position, &name, &closure)) {
		PyObject *module = PyImport_Import(name);

		if (module == NULL)
			return -1;
		Py_DECREF(module);
	}
	return 0;
}

/* What was not there before goes from sys.modules into the stash. */
static int take_modules(PyObject *before)
{
	PyObject *loaded = PyImport_GetModuleDict();
	PyObject *names = PyDict_Keys(loaded);
	int result = names == NULL ? -1 : 0;

	for (Py_ssize_t i = 0; result == 0 && i < PyList_GET_SIZE(names); i++) {
		PyObject *name = PyList_GET_ITEM(names, i);

		if (PyDict_GetItem(before, name) != NULL)
			continue;
		result = PyDict_SetItem(stash.modules, name, PyDict_GetItem(loaded, name));
		if (result == 0)
			result = PyDict_DelItem(loaded, name);
	}
	Py_XDECREF(names);
	return result;
}

/* Whether the import of a package brings this submodule. */
static bool comes_with_package(PyObject *name)
{
	PyObject *child = NULL;
	PyObject *parent = parent_of(name, &child);
	PyObject *closure = parent == NULL ? NULL : PyDict_GetItem(stash.closures, parent);
	bool comes = closure != NULL && PySequence_Contains(closure, name) == 1;

	Py_XDECREF(parent);
	Py_XDECREF(child);
	return comes;
}

static int detach_submodules(void)
{
	PyObject *name, *module;
	Py_ssize_t position = 0;

	while (PyDict_Next(stash.modules, &position, &name, &module)) {
		if (PyUnicode_FindChar(name, '.', 0, PyUnicode_GET_LENGTH(name), 1) < 0 ||
		    comes_with_package(name))
			continue;
		if (attach(name, NULL) < 0)
			PyErr_Clear(); /* os.path and its like are not their packages' children */
		else if (PySet_Add(stash.detached, name) < 0)
			return -1;
	}
	return 0;
}

static int call(const char *module_name, const char *function)
{
	PyObject *module = PyImport_ImportModule(module_name);
	PyObject *answer = module == NULL ? NULL : PyObject_CallMethod(module, function, NULL);

	Py_XDECREF(answer);
	Py_XDECREF(module);
	return answer == NULL ? -1 : 0;
}

/* What importing leaves in caches of modules that were there before, or of `re`. */
static int forget_traces(PyObject *importers_before)
{
	PyObject *importers = PySys_GetObject("path_importer_cache");
	PyObject *paths = PyDict_Keys(importers);
	int result = paths == NULL ? -1 : call("re", "purge");

	for (Py_ssize_t i = 0; result == 0 && i < PyList_GET_SIZE(paths); i++) {
		PyObject *path = PyList_GET_ITEM(paths, i);

		if (PyDict_GetItem(importers_before, path) == NULL)
			result = PyDict_DelItem(importers, path);
	}
	Py_XDECREF(paths);
	return result;
}

/* The collector would write to every object of the stash. */
static int hide_from_collector(void)
{
	(void)PyGC_Collect();
	return call("gc", "freeze");
}

/* The program's own module has to be the collector's: what it holds is freed when it ends. */
static int renew_main(void)
{
	PyObject *loaded = PyImport_GetModuleDict();
	PyObject *before = PyDict_GetItemString(loaded, "__main__");
	PyObject *after = PyModule_New("__main__");
	int result = -1;

	if (before != NULL && after != NULL &&
	    PyDict_Update(PyModule_GetDict(after), PyModule_GetDict(before)) == 0)
		result = PyDict_SetItemString(loaded, "__main__", after);
	Py_XDECREF(after);
	return result;
}

static int take_over_imports(void)
{
	PyObject *bootstrap = PyImport_ImportModule("_frozen_importlib");
	PyObject *function = PyCFunction_New(&find_and_load_method, NULL);
	int result = -1;

	stash.import = PyDict_GetItemString(PyEval_GetBuiltins(), "__import__");
	stash.path = PyList_AsTuple(PySys_GetObject("path"));
	stash.meta_path = PyList_AsTuple(PySys_GetObject("meta_path"));
	stash.path_hooks = PyList_AsTuple(PySys_GetObject("path_hooks"));
	if (bootstrap != NULL)
		stash.original = PyObject_GetAttrString(bootstrap, "_find_and_load");
	if (stash.original != NULL && function != NULL && stash.path != NULL &&
	    stash.meta_path != NULL && stash.path_hooks != NULL && stash.import != NULL)
		result = PyObject_SetAttrString(bootstrap, "_find_and_load", function);
	Py_XINCREF(stash.import);
	Py_XDECREF(function);
	Py_XDECREF(bootstrap);
	return result;
}

int stash_fill(void)
{
	PyObject *before = PyDict_Copy(PyImport_GetModuleDict());
	PyObject *importers = PyDict_Copy(PySys_GetObject("path_importer_cache"));

	stash.modules = PyDict_New();
	stash.closures = PyDict_New();
	stash.detached = PySet_New(NULL);
	if (before == NULL || importers == NULL || stash.modules == NULL || stash.closures == NULL ||
	    stash.detached == NULL || read_closures() < 0 || import_all() < 0 ||
	    forget_traces(importers) < 0 || hide_from_collector() < 0 ||
	    take_modules(before) < 0 || detach_submodules() < 0 || take_over_imports() < 0 ||
	    renew_main() < 0) {
		PyErr_Print();
		return -1;
	}
	Py_DECREF(importers);
	Py_DECREF(before);
	return 0;
}

/* As of 3.11, threading gives its main thread the new process's other ids after a fork, but not
 * this one. */
void stash_after_fork(void)
{
	PyObject *threading = PyDict_GetItemString(stash.modules, "threading");
	PyObject *thread = threading == NULL ? NULL
					     : PyObject_GetAttrString(threading, "_main_thread");
	PyObject *answer = thread == NULL ? NULL
					  : PyObject_CallMethod(thread, "_set_native_id", NULL);

	PyErr_Clear();
	Py_XDECREF(answer);
	Py_XDECREF(thread);
}
