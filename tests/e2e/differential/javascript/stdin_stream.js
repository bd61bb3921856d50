let all = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => { all += chunk; });
process.stdin.on('end', () => console.log('end', all.length, all));
process.stdin.on('close', () => console.log('close'));
