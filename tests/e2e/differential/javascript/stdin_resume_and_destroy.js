process.stdin.resume();
process.stdin.once('data', (data) => {
  console.log(String(data).length);
  process.stdin.destroy();
});
process.stdin.on('close', () => console.log('close', process.stdin.destroyed));
