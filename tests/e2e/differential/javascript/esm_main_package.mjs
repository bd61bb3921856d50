import process from 'node:process';
import path, { join } from 'path';

console.log(process === globalThis.process, path.join === join, process.argv[1]);
export {};
console.log(import.meta.url.endsWith('program.mjs'), await import.meta.resolve?.('./x.mjs'));
process.exitCode = 3;
