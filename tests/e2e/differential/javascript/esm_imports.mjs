import { readFileSync } from 'node:fs';
import common, { named } from './common.cjs';
import { createRequire } from 'module';
import * as space from './values.mjs';

console.log(readFileSync('common.cjs').length, common, named, space);
const require = createRequire(import.meta.url);
console.log(require('./common.cjs') === common, process.mainModule?.filename);
