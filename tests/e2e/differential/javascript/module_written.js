const fs = require('fs');
fs.writeFileSync('fresh.js', 'module.exports = __dirname;');
console.log(require('./fresh'), fs.readdirSync('.'));
