console.log(process.execArgv.includes('--test'), process.env.NODE_TEST_CONTEXT, process.exitCode);
console.log(Object.keys(require.cache).length, typeof describe, typeof it);
