(async () => {
  const space = await import('./module.mjs');
  console.log(space.default, Object.keys(space), await import('./module.mjs') === space);
  console.log((await import('fs')).default === require('fs'));
  await import('./none.mjs').catch((error) => console.log(error.code, error.message));
})();
console.log('first');
