const text = `one
two`;
console.log(JSON.stringify(text));
throw new Error("x");
