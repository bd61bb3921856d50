console.log(new Error('here').stack);
(function named() {
  console.log(new Error('inside').stack.split('\n').slice(1));
})();
setImmediate(() => console.log(new Error('immediate').stack));
process.nextTick(() => console.log(new Error('tick').stack));
Promise.resolve().then(() => console.log(new Error('microtask').stack));
