const os = require('os');
console.log(os.platform(), os.arch(), os.EOL, os.tmpdir(), os.homedir(), os.endianness(), os.devNull);
console.log(os.cpus().length === os.availableParallelism?.() || os.cpus().length > 0, os.getPriority());
try {
  console.log(os.userInfo());
} catch (error) {
  console.log(error.code, error.message.replace(/\d+/g, 'N'));
}
