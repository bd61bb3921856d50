console.log(typeof require, typeof exports, typeof module, typeof __filename, typeof __dirname);
const require2 = require;
var module = { mine: true };
console.log(module, require2.main === module);
