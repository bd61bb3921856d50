const data = require('fs').readFileSync(0, 'utf8');
console.log(JSON.stringify(data), data.split('\n').length);
