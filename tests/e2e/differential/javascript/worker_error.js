const { Worker, isMainThread } = require('worker_threads');
if (isMainThread) {
  new Worker(__filename).on('error', (error) => {
    console.log('error', error.message);
    new Worker('process.exit(5)', { eval: true }).on('exit', (code) => console.log('exit', code));
  });
} else {
  throw new Error('in a worker');
}
