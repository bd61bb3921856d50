const fs = require('fs');
fs.closeSync(0);
console.log(fs.openSync('/dev/null'), fs.readdirSync('.').length);
