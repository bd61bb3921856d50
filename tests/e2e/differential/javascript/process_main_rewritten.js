require('fs').writeFileSync(__filename, '// other\n'.repeat(5));
setTimeout(() => { throw new Error('old text'); }, 1);
