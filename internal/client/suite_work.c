#include "client/suite_work.h"

#include <stdio.h>
#include <string.h>

#define PLACE "NUMBER"

/* What follows goes by the number in its text alone, so that neither a comment that is stripped nor
 * a constant that is folded makes two of them equal. */
static const char c_source[] = "#include <stdio.h>\n"
			       "int main(void)\n"
			       "{\n"
			       "\tprintf(\"hello %d\\n\", NUMBER);\n"
			       "}\n";

static const char cpp_source[] = "#include <bits/stdc++.h>\n"
				 "int main()\n"
				 "{\n"
				 "\tstd::cout << \"hello \" << NUMBER << std::endl;\n"
				 "}\n";

static const char go_source[] = "package main\n"
				"import \"fmt\"\n"
				"func main() {\n"
				"\tfmt.Println(\"hello\", NUMBER)\n"
				"}\n";

static const char python_imports[] =
	"import json, re, math, collections, itertools, heapq, datetime, random\n"
	"print('hello', NUMBER)\n";

/* "Seen before" is set beside the start of the finished program: nothing can be quicker. The plain
 * compilers run with the flags that a person types, so g++ finds no precompiled header: that of the
 * image is for the flags of its manifest. */
const struct suite_work suite_works[SUITE_WORKS] = {
	{.key = "python_hello",
	 .title = "Python hello",
	 .language = "python",
	 .file = "hello.py",
	 .source = "print('hello', NUMBER)\n",
	 .beside = "python3 hello.py",
	 .local = {"python3", "hello.py"},
	 .target = {SUITE_TIMES, false, 0.25}},
	{.key = "python_imports",
	 .title = "Python with eight common modules",
	 .language = "python",
	 .file = "imports.py",
	 .source = python_imports,
	 .beside = "python3 imports.py",
	 .local = {"python3", "imports.py"},
	 .target = {SUITE_TIMES, false, 0.15}},
	{.key = "javascript_hello",
	 .title = "JavaScript hello",
	 .language = "javascript",
	 .file = "hello.js",
	 .source = "console.log('hello', NUMBER);\n",
	 .beside = "node hello.js",
	 .local = {"node", "hello.js"},
	 .target = {SUITE_TIMES, false, 0.10}},
	{.key = "c_seen",
	 .title = "C, source seen before",
	 .language = "c",
	 .file = "hello.c",
	 .source = c_source,
	 .beside = "fork + exec of the compiled program",
	 .prepare = "gcc -O2 -o hello-c hello.c",
	 .local = {"./hello-c"},
	 .target = {SUITE_MS, false, 3}},
	{.key = "cpp_new",
	 .title = "C++ <bits/stdc++.h>, new source",
	 .language = "cpp",
	 .file = "new.cpp",
	 .source = cpp_source,
	 .changes = true,
	 .beside = "g++ -O2 new.cpp, and run",
	 .local = {"sh", "-c", "g++ -O2 -o new-cpp new.cpp && ./new-cpp"},
	 .target = {SUITE_TIMES, false, 0.30}},
	{.key = "cpp_seen",
	 .title = "C++ <bits/stdc++.h>, source seen before",
	 .language = "cpp",
	 .file = "hello.cpp",
	 .source = cpp_source,
	 .beside = "fork + exec of the compiled program",
	 .prepare = "g++ -O2 -o hello-cpp hello.cpp",
	 .local = {"./hello-cpp"},
	 .target = {SUITE_MS, false, 5}},
	{.key = "go_new",
	 .title = "Go, new source",
	 .language = "go",
	 .file = "new.go",
	 .source = go_source,
	 .changes = true,
	 .beside = "go build new.go, warm cache, not run",
	 .prepare = "go build -o new-go new.go",
	 .local = {"go", "build", "-o", "new-go", "new.go"},
	 .check = "./new-go",
	 .target = {SUITE_TIMES, false, 1.0}},
	{.key = "go_seen",
	 .title = "Go, source seen before",
	 .language = "go",
	 .file = "hello.go",
	 .source = go_source,
	 .beside = "fork + exec of the compiled program",
	 .prepare = "go build -o hello-go hello.go",
	 .local = {"./hello-go"},
	 .target = {SUITE_MS, false, 5}},
};

size_t suite_work_source(const struct suite_work *work, uint64_t number, char *text, size_t size)
{
	const char *place = strstr(work->source, PLACE);
	int length = snprintf(text, size, "%.*s%llu%s", (int)(place - work->source), work->source,
			      (unsigned long long)number, place + strlen(PLACE));

	return length > 0 && (size_t)length < size ? (size_t)length : 0;
}

size_t suite_work_padded(const struct suite_work *work, uint64_t number, size_t length, char *text,
			 size_t size)
{
	size_t used = suite_work_source(work, number, text, size);

	if (used == 0 || used >= length || length >= size)
		return 0;
	memset(text + used, '#', length - used);
	text[length] = '\0';
	return length;
}

void suite_work_expected(uint64_t number, char *text, size_t size)
{
	(void)snprintf(text, size, "hello %llu\n", (unsigned long long)number);
}
