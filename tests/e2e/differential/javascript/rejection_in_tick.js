process.nextTick(() => { throw new TypeError('in a tick'); });
Promise.resolve().then(() => console.log('not reached'));
process.on('exit', (code) => console.log('exit', code));
