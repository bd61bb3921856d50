const data = require('fs').readFileSync(0, 'utf8').trim().split(' ').map(Number);
console.log(data.length, data.reduce((a, b) => a + b));
