const { AsyncLocalStorage, AsyncResource, createHook, executionAsyncId } = require('async_hooks');
const storage = new AsyncLocalStorage();
console.log(storage.getStore(), executionAsyncId());
storage.run({ id: 1 }, () => {
  setTimeout(() => console.log('timeout', storage.getStore()), 1);
  Promise.resolve().then(() => console.log('promise', storage.getStore()));
  new AsyncResource('X').runInAsyncScope(() => console.log('resource', storage.getStore()));
});
