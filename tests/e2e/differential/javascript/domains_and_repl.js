const domain = require('domain').create();
domain.on('error', (error) => console.log('domain', error.message));
domain.run(() => setTimeout(() => { throw new Error('in a domain'); }, 1));
console.log(process.domain, require('repl').builtinModules.length > 30);
