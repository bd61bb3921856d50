const fs = require('fs');
const fd = fs.openSync('main.js');
console.log(fd);
console.log(fs.openSync('/dev/null'), fs.fstatSync(0).isFIFO(), fs.fstatSync(1).isFIFO());
fs.closeSync(fd);
