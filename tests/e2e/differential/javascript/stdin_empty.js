process.stdin.on('readable', () => console.log('readable', process.stdin.read()));
process.stdin.on('end', () => console.log('end'));
