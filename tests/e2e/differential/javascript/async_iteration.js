const { once, EventEmitter, on } = require('events');
async function* numbers() {
  for (let n = 0; n < 3; n++) yield n;
}
(async () => {
  for await (const n of numbers()) console.log(n);
  const emitter = new EventEmitter();
  setTimeout(() => emitter.emit('x', 5), 1);
  console.log(await once(emitter, 'x'));
  console.log(await Promise.allSettled([1, Promise.reject(2)]), await Promise.any([Promise.reject(1), 3]));
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 1);
  await require('timers/promises').setTimeout(60000, 0, { signal: controller.signal })
    .catch((error) => console.log(error.name, error.code));
})();
