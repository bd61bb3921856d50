process.on('beforeExit', (code) => {
  console.log('beforeExit', code);
  if (!process.again) setTimeout(() => console.log('more work'), 1);
  process.again = true;
});
process.on('exit', (code) => {
  console.log('exit', code, process.exitCode);
  setTimeout(() => console.log('never'), 0);
  process.exitCode = 4;
});
console.log('main');
