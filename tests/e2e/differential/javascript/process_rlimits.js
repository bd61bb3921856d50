console.log(require('fs').readFileSync('/proc/self/limits', 'utf8').split('\n')
  .filter((line) => !line.startsWith('Max pending')).join('\n'));
