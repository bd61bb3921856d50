const { Worker } = require('worker_threads');
const shared = new Int32Array(new SharedArrayBuffer(4));
const worker = new Worker(`
  const { workerData } = require('worker_threads');
  Atomics.add(workerData, 0, 41);
  Atomics.notify(workerData, 0);
  console.log('from the worker');
`, { eval: true, workerData: shared });
worker.on('exit', () => console.log(Atomics.add(shared, 0, 1), shared[0]));
