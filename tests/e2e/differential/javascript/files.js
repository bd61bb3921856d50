const fs = require('fs');
const path = require('path');
console.log(fs.readdirSync('.'), fs.readFileSync('data/a.txt', 'utf8'), path.resolve('x'));
fs.mkdirSync('made/deep', { recursive: true });
fs.writeFileSync('made/deep/file', 'content');
fs.appendFileSync('made/deep/file', ' more');
const stat = fs.statSync('made/deep/file');
console.log(stat.size, stat.mode.toString(8), stat.uid === process.getuid(), fs.statSync('main.js').mode.toString(8));
fs.rmSync('made', { recursive: true });
console.log(fs.existsSync('made'), fs.readdirSync('/tmp'));
try {
  fs.readFileSync('nothing');
} catch (error) {
  console.log(error.code, error.message, error.syscall, error.errno);
}
fs.promises.readFile('data/a.txt', 'latin1').then(console.log);
fs.readFileSync('/nothing/at/all');
