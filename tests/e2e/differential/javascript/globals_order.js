console.log(Object.getOwnPropertyNames(globalThis));
console.log(Object.getOwnPropertyNames(Object), Object.getOwnPropertyNames(Object.prototype));
console.log(Object.getOwnPropertyNames(Function.prototype), Object.getOwnPropertyNames(Array.prototype));
