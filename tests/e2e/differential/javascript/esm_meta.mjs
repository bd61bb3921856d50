console.log(import.meta.url, Object.keys(import.meta), typeof import.meta.resolve);
console.log(typeof require, typeof module, typeof __filename, this, process.argv.length);
