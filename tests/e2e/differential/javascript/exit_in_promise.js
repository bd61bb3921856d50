Promise.resolve().then(() => process.exit(13));
setTimeout(() => console.log('never'), 1000);
