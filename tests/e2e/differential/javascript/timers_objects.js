const timeout = setTimeout(() => {}, 10);
console.log(timeout.constructor.name, timeout.hasRef(), typeof timeout[Symbol.toPrimitive]());
console.log(timeout.unref() === timeout, timeout.hasRef(), timeout.refresh() === timeout);
let count = 0;
const interval = setInterval(() => {
  console.log('interval', ++count);
  if (count < 3) return;
  clearInterval(interval);
  require('timers/promises').setTimeout(1, 'value').then(console.log);
}, 2);
