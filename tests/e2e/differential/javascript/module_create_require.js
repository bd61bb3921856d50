const { createRequire, findPackageJSON, syncBuiltinESMExports } = require('module');
const other = createRequire('/tmp/x/y.js');
console.log(other.resolve.paths('z'), typeof findPackageJSON, typeof syncBuiltinESMExports);
