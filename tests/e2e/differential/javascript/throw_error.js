function outer() {
  inner();
}

function inner() {
  throw new Error('uncaught');
}

console.log('before');
outer();
