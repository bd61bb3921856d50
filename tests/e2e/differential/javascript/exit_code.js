process.exitCode = 9;
console.log('goes on');
setTimeout(() => console.log('and ends'), 5);
