if (process.send) {
  process.on('message', (message) => {
    process.send({ got: message, argv: process.argv.slice(2), execArgv: process.execArgv });
    process.disconnect();
  });
} else {
  const child = require('child_process').fork(__filename, ['as', 'child']);
  child.on('message', (message) => console.log(message));
  child.on('exit', (code, signal) => console.log('exit', code, signal));
  child.send({ hello: 1 });
}
