console.log(+setTimeout(() => {}, 1), +setTimeout(() => {}, 1));
const { executionAsyncId, triggerAsyncId } = require('async_hooks');
console.log(executionAsyncId(), triggerAsyncId());
