const { execFileSync } = require('child_process');
console.log(execFileSync('head', ['-c', '5'], { stdio: ['inherit', 'pipe', 'inherit'] }).toString());
