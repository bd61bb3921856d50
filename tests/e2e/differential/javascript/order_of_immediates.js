setImmediate(() => {
  console.log('one');
  setImmediate(() => console.log('three'));
  process.nextTick(() => console.log('tick'));
});
setImmediate(() => console.log('two'));
const cancelled = setImmediate(() => console.log('never'));
clearImmediate(cancelled);
