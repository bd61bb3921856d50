console.log(process.getActiveResourcesInfo());
const timer = setTimeout(() => {}, 5);
const server = require('net').createServer();
console.log(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length);
timer.unref();
console.log(server.listening, process._getActiveHandles().map((handle) => handle.constructor.name).sort());
