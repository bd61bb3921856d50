console.log(require('fs') === require('node:fs'), typeof require('fs').readFileSync);
console.log(require('./fs').who, require('punycode').version !== undefined);
