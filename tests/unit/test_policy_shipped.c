/* What the rules of deploy/policy.json refuse, and what they let pass. */
#include "policy/policy.h"

#include "job/job.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs setjmp.h, stdarg.h and stdint.h above it. */
#include <cmocka.h>

/* Beside this file's folder, wherever the checkout lies. */
#define SHIPPED "/../../deploy/policy.json"

#define LONG_BYTES ((size_t)128 * 1024)

static const struct profile profile = {.subject = "compiler.execute.request"};

struct row {
	const char *code;
	const char *rule; /* that refuses it; NULL: it passes */
};

static const struct row any_rows[] = {
	{"x = \"/etc/passwd\"", "system-files"},
	{"x = '/proc/self/environ'", "system-files"},
	{"x = `/sys/fs/cgroup`", "system-files"},
	{"x = \"/dev/mem\"", "system-files"},
	{"x = \"../../../secret\"", "system-files"},
	{"x = \"/dev/stdin\"", NULL},
	{"x = '/dev/null'", NULL},
	{"x = \"/dev/urandom\"", NULL},
	{"x = \"/tmp/scratch\"", NULL},
	{"x = \"data/etc/list.txt\"", NULL},
	{"x = \"and/or\", \"/system\", \"/procedure\"", NULL},
	{"x = \"../lib/helper\"", NULL},
	{"", NULL},
};

static const struct row python_rows[] = {
	{"eval('1')", "python-eval"},
	{"x = eval (input())", "python-eval"},
	{"exec(code)", "python-eval"},
	{"print(eval(input()))", "python-eval"},
	{"retrieval(", NULL},
	{"print(retrieval(3), evaluate(4), executor(5))", NULL},
	{"model.eval()", NULL},
	{"pattern.exec(x)", NULL},
	{"class Node:\n    def eval(self):\n        return 1", NULL},
	{"import subprocess", "python-modules"},
	{"from subprocess import run", "python-modules"},
	{"import os, subprocess", "python-modules"},
	{"import os as o, sys,subprocess as sp", "python-modules"},
	{"if x: import ctypes", "python-modules"},
	{"import sys; import socket", "python-modules"},
	{"\timport multiprocessing.pool", "python-modules"},
	{"x = 1\r\nimport pty\r\n", "python-modules"},
	{"x = 1\rimport pty\r", "python-modules"},
	{"import sys", NULL},
	{"import sys\nsys.exit(0)", NULL},
	{"import os\nprint(os.getcwd(), os.environ)", NULL},
	{"import os, sys, math", NULL},
	{"import socketlib, ctypeslike", NULL},
	{"print('we import socket here')", NULL},
	{"from collections import deque", NULL},
	{"import json, re, threading, asyncio, shutil", NULL},
	{"subprocess = 3\nsocket = subprocess", NULL},
	{"__import__('os')", "python-import"},
	{"import importlib\nimportlib.import_module('x')", "python-import"},
	{"x = __builtins__", "python-import"},
	{"x.__important__", NULL},
	{"import os\nos.system('ls')", "python-process"},
	{"os . popen('ls')", "python-process"},
	{"os.fork()", "python-process"},
	{"os.execvp('a', b)", "python-process"},
	{"os.spawnl(0, 'a')", "python-process"},
	{"os.posix_spawn('a', [], {})", "python-process"},
	{"os.kill(1, 9)", "python-process"},
	{"pos.system(1)", NULL},
	{"os.systematic", NULL},
	{"os.path.join('a', 'b')", NULL},
	{"platform.system()", NULL},
	{"from os import system", "python-process-import"},
	{"from os import path, popen", "python-process-import"},
	{"from os import (path,\n    execv)", "python-process-import"},
	{"from os import *", "python-process-import"},
	{"from os import path\nsystem = 3", NULL},
	{"from os import environ, getcwd", NULL},
	{"from os.path import join", NULL},
	{"os.symlink('a', 'b')", "python-files"},
	{"os.chmod('a', 0o777)", "python-files"},
	{"shutil.rmtree('a')", "python-files"},
	{"open('out.txt', 'w').write('x')", NULL},
	{"os.remove('own.txt')", NULL},
	{"while True:\n    break", NULL},
	{"x = [0] * 10**6", NULL},
	{"# -*- coding: utf-8 -*-\nprint('\xc3\xa9')", NULL},
};

static const struct row javascript_rows[] = {
	{"eval('1')", "javascript-eval"},
	{"const x = eval (text);", "javascript-eval"},
	{"globalThis.eval('1')", "javascript-eval"},
	{"new Function('return 1')()", "javascript-eval"},
	{"Function('return 1')()", "javascript-eval"},
	{"new Node(1);", NULL},
	{"retrieval(1)", NULL},
	{"class Tree { eval() {} }\nclass Call { eval(env, ...rest) { return 1; } }", NULL},
	{"eval(code); if (x) {}", "javascript-eval"},
	{"tree.eval(); $eval(1); medieval(2);", NULL},
	{"/a/.exec('a')", NULL},
	{"const f = function (a) { return a; };", NULL},
	{"isFunction(f)", NULL},
	{"typeof f === 'function'", NULL},
	{"require('child_process')", "javascript-modules"},
	{"require(\"node:child_process\").execSync('ls')", "javascript-modules"},
	{"require(`child_process`)", "javascript-modules"},
	{"import { exec } from 'child_process';", "javascript-modules"},
	{"import cp from \"node:child_process\"", "javascript-modules"},
	{"await import('net')", "javascript-modules"},
	{"import 'https'", "javascript-modules"},
	{"require ( 'dns/promises' )", "javascript-modules"},
	{"require('vm').runInNewContext('1')", "javascript-modules"},
	{"const fs = require('fs');\nfs.readFileSync(0, 'utf8');", NULL},
	{"fs.readFileSync('/dev/stdin')", NULL},
	{"import readline from 'node:readline';", NULL},
	{"require('network')", NULL},
	{"require('./net')", NULL},
	{"const parts = ['net', 'https'];", NULL},
	{"process.binding('fs')", "javascript-process"},
	{"process.kill(1)", "javascript-process"},
	{"process.exit(1)", NULL},
	{"process.stdout.write('x')", NULL},
	{"process.nextTick(f)", NULL},
	{"fs.symlinkSync('a', 'b')", "javascript-files"},
	{"fs.promises.chmod('a', 1)", "javascript-files"},
	{"fs.rmSync('a', {recursive: true})", "javascript-files"},
	{"fs.writeFileSync('out.txt', 'x')", NULL},
	{"while (true) { break; }\nfor (;;) { break; }", NULL},
	{"setTimeout(() => {}, 10)", NULL},
};

static const struct row go_rows[] = {
	{"import \"os/exec\"", "go-packages"},
	{"import (\n\t\"fmt\"\n\t\"os/exec\"\n)", "go-packages"},
	{"import (\n\tx \"syscall\" // why\n)", "go-packages"},
	{"import (\r\n\t\"net\"\r\n)", "go-packages"},
	{"import _ \"unsafe\"", "go-packages"},
	{"import . \"net/http\"", "go-packages"},
	{"import (\"fmt\"; \"net/http/httptest\")", "go-packages"},
	{"import \"C\"", "go-packages"},
	{"import (\n\t\"golang.org/x/sys/unix\"\n)", "go-packages"},
	{"import (\n\t\"fmt\"\n\t\"net/url\"\n\t\"net/netip\"\n)", NULL},
	{"import (\n\t\"bufio\"\n\t\"os\"\n\t\"math/rand\"\n)", NULL},
	{"for {\n\tbreak\n}", NULL},
	{"func main() { for { } }", NULL},
	{"x := []string{\n\t\"net\",\n\t\"unsafe\",\n}", NULL},
	{"\treturn \"net\"", NULL},
	{"fmt.Println(\"net\", \"C\")", NULL},
	{"case \"syscall\":", NULL},
	{"func eval(x int) int { return exec(x) }", NULL},
	{"x := new(Node)", NULL},
	{"os.StartProcess(a, b, c)", "go-process"},
	{"os.FindProcess(1)", "go-process"},
	{"os.Exit(1)", NULL},
	{"reader := bufio.NewReader(os.Stdin)", NULL},
	{"os.RemoveAll(\"x\")", "go-files"},
	{"os.Symlink(a, b)", "go-files"},
	{"os . Chmod(a, 0)", "go-files"},
	{"os.Remove(\"own\")", NULL},
	{"pos.Link(a)", NULL},
	{"os.Linked(a)", NULL},
};

static const struct row cpp_rows[] = {
	{"int main() { system(\"ls\"); }", "cpp-process"},
	{"std::system (\"ls\");", "cpp-process"},
	{"::system(\"ls\");", "cpp-process"},
	{"FILE *f = popen(\"ls\", \"r\");", "cpp-process"},
	{"if (fork() == 0) return 1;", "cpp-process"},
	{"pid = vfork ( );", "cpp-process"},
	{"execve(a, b, c);", "cpp-process"},
	{"execlp(\"ls\", \"ls\", 0);", "cpp-process"},
	{"posix_spawn(&p, a, 0, 0, b, c);", "cpp-process"},
	{"syscall(57);", "cpp-process"},
	{"void *h = dlopen(\"x.so\", 1);", "cpp-process"},
	{"Node *n = new Node(1);", NULL},
	{"delete n;", NULL},
	{"auto x = eval(tree); exec(x); retrieval(x);", NULL},
	{"ecosystem(1); file_system (2); s.system(3); s->fork(); Os::system(4);", NULL},
	{"for (;;) { break; } while (true) { break; }", NULL},
	{"void fork(int philosopher);", NULL},
	{"virtual Shape *clone() const; void kill(int id); link(u, v);", NULL},
	{"std::system_error e; std::thread t(f);", NULL},
	{"#include <sys/socket.h>", "cpp-headers"},
	{"# include <netinet/in.h>", "cpp-headers"},
	{"#include <linux/bpf.h>", "cpp-headers"},
	{"#include \"/opt/secret\"", "cpp-headers"},
	{"#include </dev/stdin>", "cpp-headers"},
	{"#include \"../../main.cpp\"", "cpp-headers"},
	{"#include <bits/stdc++.h>\n#include <nlohmann/json.hpp>\n#include <unistd.h>", NULL},
	{"#include \"lib/node.h\"\n#include \"../node.h\"\n#include <sys/time.h>", NULL},
	{"symlink(\"a\", \"b\");", "cpp-files"},
	{"::chmod(\"a\", 0777);", "cpp-files"},
	{"std::filesystem::remove_all(\"a\");", "cpp-files"},
	{"fs::create_directory_symlink(\"a\", \"b\");", "cpp-files"},
	{"std::remove(\"own.txt\"); v.erase(std::remove_if(a, b, f), b);", NULL},
	{"file.chown(1); Item::chmod(2);", NULL},
};

static const struct row c_rows[] = {
	{"system(\"ls\");", "c-process"},
	{"int pid = fork();", "c-process"},
	{"int pid = fork(void);", "c-process"},
	{"execv(a, b);", "c-process"},
	{"ptrace(0, 0, 0, 0);", "c-process"},
	{"popen (\"ls\", \"r\");", "c-process"},
	{"int system_count(int n); static int forks(void);", NULL},
	{"table->system(1); table.popen(2);", NULL},
	{"struct node *new_node = malloc(sizeof(*new_node));", NULL},
	{"for (;;) { if (eval(x)) break; }", NULL},
	{"#include <sys/socket.h>", "c-headers"},
	{"#include\t<arpa/inet.h>", "c-headers"},
	{"#include <sys/ptrace.h>", "c-headers"},
	{"#include \"/dev/stdin\"", "c-headers"},
	{"#include \"/etc/passwd\"", "system-files"},
	{"#include </usr/secret>", "c-headers"},
	{"#include <stdio.h>\n#include <pthread.h>\n#include <sys/types.h>", NULL},
	{"chroot(\"a\");", "c-files"},
	{"fchmod(3, 0);", "c-files"},
	{"unshare(0);", "c-files"},
	{"my_chroot(1); rechown(2);", NULL},
	{"remove(\"own.txt\"); rename(a, b); mkdir(c, 0700);", NULL},
};

static void check_row(const struct policy *policy, const char *language, const struct row *row)
{
	struct job *job = job_new(&profile);
	struct policy_finding finding;

	assert_non_null(job);
	job->language = strdup(language);
	job->code.length = strlen(row->code);
	job->code.data = malloc(job->code.length + 1);
	assert_non_null(job->code.data);
	memcpy(job->code.data, row->code, job->code.length);
	assert_int_equal(policy_check(policy, job, &finding), 0);
	if (row->rule == NULL && finding.outcome != POLICY_PASS)
		fail_msg("%s: '%s' refuses: %s", language, finding.rule, row->code);
	if (row->rule != NULL && finding.outcome != POLICY_MATCH)
		fail_msg("%s: '%s' does not refuse: %s", language, row->rule, row->code);
	if (row->rule != NULL)
		assert_string_equal(finding.rule, row->rule);
	job_free(job);
}

static int load(void **state)
{
	char path[4096] = __FILE__;
	char *slash = strrchr(path, '/');
	struct err err = {0};

	if (slash == NULL)
		return -1;
	(void)snprintf(slash, sizeof(path) - (size_t)(slash - path), SHIPPED);
	*state = policy_load(path, &err);
	if (*state == NULL)
		print_error("%s\n", err.text);
	return *state == NULL ? -1 : 0;
}

static int unload(void **state)
{
	policy_free(*state);
	return 0;
}

#define CHECK_ROWS(policy, language, rows)                                 \
	do {                                                               \
		for (size_t i = 0; i < sizeof(rows) / sizeof((rows)[0]); i++) \
			check_row((policy), (language), &(rows)[i]);       \
	} while (0)

static void any_language(void **state)
{
	CHECK_ROWS(*state, "python", any_rows);
	CHECK_ROWS(*state, "rust", any_rows);
}

static void python(void **state)
{
	CHECK_ROWS(*state, "python", python_rows);
}

static void javascript(void **state)
{
	CHECK_ROWS(*state, "javascript", javascript_rows);
}

static void go(void **state)
{
	CHECK_ROWS(*state, "go", go_rows);
}

static void cpp(void **state)
{
	CHECK_ROWS(*state, "cpp", cpp_rows);
}

static void c(void **state)
{
	CHECK_ROWS(*state, "c", c_rows);
}

/* Pieces of what the rules look for, again and again: no rule may take longer than the program is
 * long, or else a harmless one would be refused for its length. */
static void no_rule_is_slow(void **state)
{
	/* Without it PCRE2 sees that a byte that a match needs is not there, and does not try. */
	static const char tail[] = " . \"'()<>:= ";
	static const char *const languages[] = {"python", "javascript", "go", "cpp", "c"};
	static const char *const pieces[] = {
		" ", "\t", "a", "\n", "\r\n", ":", "; ", "eval ", "__",
		"import ", "import a,", "import a as b,", ":import a,a,a,a,", "import (",
		"from ", "from os import ", "from os import (", "from os import a,",
		"os . ", "os\n", "std :: ", "::", "w::", "require ( ", "import '", "'/", "'/de",
		"'../..", "# ", "#include ", "#include <net/", "\"", "a \"", "a a\n", "return ",
		"system ", "fork (", "symlink ", "fs . promises . ", "process . ", "builtins . ",
		"importlib . ", "global . ",
	};

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		size_t piece = strlen(pieces[i]);
		struct job *job = job_new(&profile);

		job->code.length = LONG_BYTES;
		job->code.data = malloc(LONG_BYTES);
		assert_non_null(job->code.data);
		for (size_t at = 0; at < LONG_BYTES; at++)
			job->code.data[at] = (uint8_t)pieces[i][at % piece];
		memcpy(job->code.data + LONG_BYTES - strlen(tail), tail, strlen(tail));
		for (size_t l = 0; l < sizeof(languages) / sizeof(languages[0]); l++) {
			struct policy_finding finding;

			free(job->language);
			job->language = strdup(languages[l]);
			assert_int_equal(policy_check(*state, job, &finding), 0);
			if (finding.outcome != POLICY_PASS)
				fail_msg("%s: %s: '%s'", languages[l], finding.rule, pieces[i]);
		}
		job_free(job);
	}
}

/* Clients of the Go service match on these. */
static void the_texts_are_those_of_the_go_service(void **state)
{
	static const struct {
		const char *language, *code, *text;
	} rows[] = {
		{"python", "eval(", "Prohibited operation detected: codeExecution: "
				    "Dynamic code execution"},
		{"python", "import subprocess", "Prohibited python operation detected: "
						"dangerousModules: Dangerous Python modules"},
		{"javascript", "require('net')", "Prohibited js operation detected: "
						 "dangerousModules: Dangerous JS modules"},
		{"go", "import \"os/exec\"", "Prohibited operation detected: systemOperations: "
					     "Dangerous system operations"},
		{"go", "os.RemoveAll(x)", "Prohibited go operation detected: "
					  "dangerousOsFunctions: Dangerous OS functions"},
		{"cpp", "fork()", "Prohibited cpp operation detected: dangerousOperations: "
				  "Dangerous C++ operations"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct job *job = job_new(&profile);
		struct policy_finding finding;

		job->language = strdup(rows[i].language);
		job->code.length = strlen(rows[i].code);
		job->code.data = (uint8_t *)strdup(rows[i].code);
		assert_int_equal(policy_check(*state, job, &finding), 0);
		assert_int_equal(finding.outcome, POLICY_MATCH);
		assert_string_equal(finding.text, rows[i].text);
		job_free(job);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_language),
		cmocka_unit_test(python),
		cmocka_unit_test(javascript),
		cmocka_unit_test(go),
		cmocka_unit_test(cpp),
		cmocka_unit_test(c),
		cmocka_unit_test(no_rule_is_slow),
		cmocka_unit_test(the_texts_are_those_of_the_go_service),
	};

	return cmocka_run_group_tests_name("policy shipped", tests, load, unload);
}
