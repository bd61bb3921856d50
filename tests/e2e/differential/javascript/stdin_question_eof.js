const readline = require('readline/promises').createInterface(process.stdin, process.stdout);
(async () => {
  console.log(await readline.question('one? '));
  console.log(await readline.question('two? '));
  console.log('never');
})();
