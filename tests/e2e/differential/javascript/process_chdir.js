process.chdir('/tmp');
console.log(process.cwd(), require('./beside').who, __dirname, require('fs').readdirSync('.'));
throw new Error('after chdir');
