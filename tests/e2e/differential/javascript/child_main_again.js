const { spawnSync } = require('child_process');
if (process.argv[2] === 'again') {
  console.log(process.argv, require.main === module);
  process.exit(9);
}
const { status, stdout } = spawnSync(process.execPath, [__filename, 'again']);
console.log(status, stdout.toString());
