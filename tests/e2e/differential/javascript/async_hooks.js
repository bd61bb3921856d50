const { createHook, executionAsyncId } = require('async_hooks');
const types = [];
const hook = createHook({ init(id, type) { types.push(type); } }).enable();
setTimeout(() => {}, 1);
Promise.resolve().then(() => {});
process.nextTick(() => {});
hook.disable();
console.log(types, executionAsyncId());
