// Loaded with `node --require` into a process that stands ready for a job
// (internal/agent/standby.h says how it and the agent speak). Node.js has
// started by then and has set itself up for main.js; when this file returns it
// goes on to run it, as it always does.
'use strict';

const CONTROL_FD = 63;

// What printing needs; Node.js loads it when a program prints for the first
// time.
for (const name of ['events', 'fs', 'net', 'path', 'readline', 'stream', 'string_decoder', 'timers',
  'tty', 'url', 'util'])
  require(name);

// Each call of a function of Node's own library for the first time has it
// compiled. These are the ones on the way of any program: loading a module,
// formatting what is printed. What does so may leave no trace in the program's
// world, such as a number taken from a counter.
function rehearse(Module) {
  const { Console } = require('console');
  const sink = { write() {}, on() {}, once() {}, removeListener() {}, listenerCount() { return 0; } };
  const path = require.resolve('./rehearsal.js');

  require(path)(new Console({ stdout: sink, stderr: sink, colorMode: false }));
  delete Module._cache[path];
}

function readExactly(fs, bytes) {
  for (let got = 0; got < bytes.length;) {
    const count = fs.readSync(CONTROL_FD, bytes, got, bytes.length - got, null);

    if (count === 0)
      process.reallyExit(0); // there will be no job
    got += count;
  }
  return bytes;
}

// The length of the arguments in native byte order, and the arguments, each
// with a NUL behind it.
function awaitArguments() {
  const fs = require('fs');
  const length = new Uint32Array(1);

  fs.writeSync(CONTROL_FD, new Uint8Array([0x52]));
  readExactly(fs, new Uint8Array(length.buffer));
  const text = readExactly(fs, Buffer.allocUnsafeSlow(length[0])).toString();
  fs.closeSync(CONTROL_FD);
  return text.split('\0').slice(0, -1);
}

function standReady() {
  const Module = require('module');

  rehearse(Module);
  delete Module._cache[__filename];
  for (const key of Object.keys(Module._pathCache))
    delete Module._pathCache[key];
  process._preload_modules.length = 0;
  process.execArgv.length = 0;
  process.argv.push(...awaitArguments());
  process.chdir('/workspace');
}

// A worker thread of the program loads this file as well.
if (require('worker_threads').isMainThread)
  standReady();
