console.log(Object.keys(require.extensions), require('module')._extensions === require.extensions);
require.extensions['.txt'] = (target, filename) => { target.exports = require('fs').readFileSync(filename, 'utf8'); };
console.log(require('./note.txt'), require('./note'));
