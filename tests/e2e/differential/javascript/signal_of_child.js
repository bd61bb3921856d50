const { spawnSync } = require('child_process');
console.log(spawnSync('/bin/sh', ['-c', 'kill -SEGV $$']).signal);
console.log(spawnSync('/bin/sh', ['-c', 'kill -PIPE $$; exit 3']).signal);
