require('fs').unlinkSync('main.js');
console.log(require('fs').readdirSync('.'));
throw new Error('the source is in memory');
