/* A plugin of g++ for the making of precompiled headers: `#pragma kiln instantiate` instantiates
 * the templates that wait for it.
 *
 * The inline functions of the standard library use templates of it, and g++ puts off their bodies
 * to the end of the program. A precompiled header keeps them as put off: so every program that uses
 * one instantiates them again, which for <bits/stdc++.h> is three quarters of all the time that a
 * hello takes. Where the pragma ends the header, they are stored as done. What a program gets is
 * the same: a point of instantiation may be here as well as at the end ([temp.point]), and they are
 * the library's own, of types that no program may specialize them for.
 *
 * The plugin serves while the image is built, and is not needed to read the result. Debian has the
 * headers of the few functions below in a package of 20 MB; they have been as they are since GCC
 * 4.5. Should a GCC come that differs, the plugin does not load, and the build of the image fails. */
struct plugin_name_args;
struct plugin_gcc_version;
struct cpp_reader;

using callback = void (*)(void *gcc_data, void *user_data);

void instantiate_pending_templates(int retries);
void c_register_pragma(const char *space, const char *name, void (*handler)(cpp_reader *));

extern "C" {
int get_named_event_id(const char *name, int insert);
void register_callback(const char *plugin, int event, callback function, void *user_data);
int plugin_init(plugin_name_args *arguments, plugin_gcc_version *version);

int plugin_is_GPL_compatible = 1;
}

static void on_instantiate(cpp_reader *)
{
	instantiate_pending_templates(0);
}

static void on_pragmas(void *, void *)
{
	c_register_pragma("kiln", "instantiate", on_instantiate);
}

int plugin_init(plugin_name_args *, plugin_gcc_version *)
{
	constexpr int no_insert = 0;

	register_callback("instantiate", get_named_event_id("PLUGIN_PRAGMAS", no_insert),
			  on_pragmas, nullptr);
	return 0;
}
