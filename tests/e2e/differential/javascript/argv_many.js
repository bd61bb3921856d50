console.log(process.argv.slice(2));
console.log(process.argv.map((argument) => argument.length), process.execArgv);
