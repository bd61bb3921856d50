const fs = require('fs');
console.log(process.ppid, process.pid > 1, process.getuid() === process.getgid());
console.log(process.geteuid() === process.getuid(), process.getgroups().length, process.umask());
console.log(process.cwd(), fs.readFileSync('/proc/self/cmdline', 'utf8').split('\0'));
console.log(fs.readFileSync('/proc/self/comm', 'utf8'), fs.readlinkSync('/proc/self/cwd'));
