const { spawn } = require('child_process');
const child = spawn('/bin/sh', ['-c', 'read line; echo "got $line"; echo problem >&2; exit 4']);
child.stdout.on('data', (data) => process.stdout.write(data));
child.on('close', (code) => {
  console.log('close', code);
  spawn('echo', ['inherited'], { stdio: 'inherit' }).on('exit', (status) => console.log('exit', status));
});
child.stdin.end('input\n');
