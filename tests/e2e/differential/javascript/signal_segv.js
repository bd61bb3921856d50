process.kill(process.pid, 'SIGSEGV');
setTimeout(() => {}, 3000);
