console.log('before');
const value = await new Promise((resolve) => setTimeout(resolve, 10, 'later'));
console.log(value);
const { default: other, named } = await import('./other.mjs');
console.log(other, named);
