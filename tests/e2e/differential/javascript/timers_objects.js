const timeout = setTimeout(() => {}, 10);
console.log(timeout.constructor.name, timeout.hasRef(), typeof timeout[Symbol.toPrimitive]());
console.log(timeout.unref() === timeout, timeout.hasRef(), timeout.refresh() === timeout);
let count = 0;
const interval = setInterval(() => {
  if (++count === 3) clearInterval(interval);
  console.log('interval', count);
}, 2);
require('timers/promises').setTimeout(30, 'value').then(console.log);
