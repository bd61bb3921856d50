Error.stackTraceLimit = 2;
function deep(n) {
  if (n === 0) throw new Error('deep');
  deep(n - 1);
}
console.log(Error.stackTraceLimit);
deep(10);
