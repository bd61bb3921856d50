const { Worker, isMainThread, parentPort, workerData, threadId } = require('worker_threads');
if (isMainThread) {
  const worker = new Worker(__filename, { workerData: { n: 20 }, argv: ['a'] });
  worker.on('message', (message) => console.log('message', message));
  worker.on('exit', (code) => console.log('exit', code, threadId));
} else {
  const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));
  parentPort.postMessage({ fib: fib(workerData.n), threadId, argv: process.argv.slice(1), main: require.main === module });
}
