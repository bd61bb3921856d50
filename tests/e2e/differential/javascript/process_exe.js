console.log(require('fs').readlinkSync('/proc/self/exe'));
