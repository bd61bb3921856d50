Promise.reject(42);
process.on('exit', (code) => console.log('exit', code));
