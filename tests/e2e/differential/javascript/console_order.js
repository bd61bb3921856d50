process.stdout.write('a');
process.stderr.write('b');
require('fs').writeSync(1, 'c');
process.stdout.write('d\n', () => console.log('written'));
console.log('e');
