console.log('first');
process.stdout.end(() => console.error('ended'));
process.on('uncaughtException', (error) => console.error(error.code));
setTimeout(() => console.log('after the end'), 5);
