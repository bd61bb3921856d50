import fs from 'fs';
import { value } from './other.js';

console.log(import.meta.url, typeof require, typeof module, this, value, fs.existsSync('main.js'));
console.log(await Promise.resolve('awaited'));
