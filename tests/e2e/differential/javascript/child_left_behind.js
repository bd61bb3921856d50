require('child_process').spawn('sleep', ['100'], { detached: true, stdio: 'ignore' }).unref();
console.log('ends');
