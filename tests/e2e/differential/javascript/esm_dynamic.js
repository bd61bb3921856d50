import('./module.mjs').then((space) => console.log(space.default, Object.keys(space)));
import('fs').then(({ default: fs }) => console.log(fs === require('fs')));
import('./none.mjs').catch((error) => console.log(error.code, error.message));
console.log('first');
