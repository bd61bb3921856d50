process.title = 'other';
console.log(process.title, require('fs').readFileSync('/proc/self/comm', 'utf8'));
