process.on('exit', () => {
  console.log('first');
  process.exit(6);
});
process.on('exit', () => console.log('second'));
