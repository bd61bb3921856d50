console.log('first');
process.stdout.end('last\n');
process.stdout.on('error', (error) => console.error('error', error.code));
process.on('exit', (code) => console.error('exit', code, process.stdout.writableEnded));
process.stdout.write('after the end\n');
