console.log(Object.getOwnPropertyNames(process).sort().join(' '));
console.log(Object.getOwnPropertyNames(Object.getPrototypeOf(process)).sort());
console.log(Object.getOwnPropertySymbols(process).map(String));
