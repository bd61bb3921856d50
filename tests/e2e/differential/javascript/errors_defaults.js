console.log(Error.stackTraceLimit, Error.prepareStackTrace, Object.getOwnPropertyNames(Error).sort());
function deep(n) { return n ? deep(n - 1) : new Error('x').stack.split('\n').length; }
console.log(deep(50));
try {
  null.x;
} catch (error) {
  console.log(error.message, error.constructor === TypeError);
}
