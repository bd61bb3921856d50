var process = { mine: 1 };
var console2 = console;
console2.log(process, typeof globalThis.process.pid);
globalThis.process = undefined;
console2.log(globalThis.process);
