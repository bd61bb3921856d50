setTimeout(() => console.log('timeout 0'), 0);
setTimeout(() => console.log('timeout 5'), 5);
process.nextTick(() => console.log('tick'));
Promise.resolve().then(() => {
  console.log('microtask');
  process.nextTick(() => console.log('tick of a microtask'));
}).then(() => console.log('second microtask'));
queueMicrotask(() => console.log('queued'));
console.log('main');
