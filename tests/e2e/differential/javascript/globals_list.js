console.log(Object.getOwnPropertyNames(globalThis).sort().join('\n'));
console.log(Object.getOwnPropertySymbols(globalThis).map(String));
console.log(Object.keys(globalThis), Object.getPrototypeOf(globalThis) === Object.prototype);
