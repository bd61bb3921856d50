// Loaded with `node --require` into a process that stands ready for a job
// (internal/agent/standby.h says how it and the agent speak). Node.js has
// started by then and has set itself up for main.js; when this file returns it
// goes on to run it, as it always does.
'use strict';

const CONTROL_FD = 3;

// Each call of a function of Node's own library for the first time has it
// compiled. These are the ones on the way of any program: loading a module,
// formatting what is printed.
function rehearse() {
  const { Console } = require('console');
  const { Writable } = require('stream');
  const sink = new Writable({ write(chunk, encoding, done) { done(); } });
  const print = new Console(sink, sink);
  const path = require.resolve('./rehearsal.js');

  require(path)(print);
  sink.destroy();
  delete require.cache[path];
}

function readExactly(fs, buffer) {
  for (let got = 0; got < buffer.length;) {
    const count = fs.readSync(CONTROL_FD, buffer, got, buffer.length - got, null);

    if (count === 0)
      process.reallyExit(0); // there will be no job
    got += count;
  }
  return buffer;
}

// The length of the arguments in native byte order, and the arguments, each
// with a NUL behind it.
function awaitArguments() {
  const fs = require('fs');
  const length = new Uint32Array(1);

  fs.writeSync(CONTROL_FD, 'R');
  readExactly(fs, new Uint8Array(length.buffer));
  const text = readExactly(fs, Buffer.allocUnsafeSlow(length[0])).toString();
  fs.closeSync(CONTROL_FD);
  return text.split('\0').slice(0, -1);
}

function standReady() {
  rehearse();
  process.execArgv.length = 0;
  delete require.cache[__filename];
  process.argv.push(...awaitArguments());
}

// A worker thread of the program loads this file as well.
if (require('worker_threads').isMainThread)
  standReady();
