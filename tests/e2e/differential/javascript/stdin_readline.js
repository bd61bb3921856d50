const readline = require('readline').createInterface({ input: process.stdin });
const lines = [];
readline.on('line', (line) => lines.push(line));
readline.on('close', () => console.log(lines));
