const { execFileSync, execSync, spawnSync } = require('child_process');
console.log(execFileSync(process.execPath, ['-p', 'process.argv.length + process.execArgv.length']).toString());
console.log(execSync('echo shell; pwd; env').toString());
console.log(spawnSync('/no/such').error.code, spawnSync('cat', { input: 'piped' }).stdout.toString());
try {
  execSync('echo text >&2; exit 3', { stdio: 'pipe' });
} catch (error) {
  console.log(error.status, error.stderr.toString());
}
