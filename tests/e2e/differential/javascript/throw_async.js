setTimeout(() => {
  throw new Error('from a timer');
}, 1);
process.on('exit', (code) => console.log('exit', code));
